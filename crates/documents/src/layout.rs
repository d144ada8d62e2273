//! The numbers of GB/T 9704-2012, each with its clause, in the units that OOXML counts in.
//!
//! A twip is 1/20 pt, 1/1440 inch; 1 mm is 56.69 twips. Type sizes are half points.

/// A4 width, 210 mm (5.1).
pub const PAGE_WIDTH: u32 = 11906;
/// A4 height, 297 mm (5.1).
pub const PAGE_HEIGHT: u32 = 16838;
/// Top margin 天头, 37 mm (5.2.1).
pub const MARGIN_TOP: u32 = 2098;
/// Left margin 订口, 28 mm (5.2.1).
pub const MARGIN_LEFT: u32 = 1588;
/// Right margin: what a type area of 156 mm leaves (5.2.1).
pub const MARGIN_RIGHT: u32 = 1474;
/// Bottom margin: what the type area leaves. 22 lines of 29 pt are 225.07 mm, so this is 34.9 mm,
/// not 35: with 35 the 22nd line would not fit (5.2.1, 5.2.3).
pub const MARGIN_BOTTOM: u32 = 1978;
/// Type area 版心, 156 mm wide (5.2.1).
pub const TYPE_WIDTH: u32 = PAGE_WIDTH - MARGIN_LEFT - MARGIN_RIGHT;
/// Exact line pitch of the body, 29 pt: 22 lines to a page (5.2.3).
pub const LINE: u32 = 580;
/// Body 3号, 16 pt (5.2.2).
pub const SIZE_3: u32 = 32;
/// Title 2号, 22 pt (7.3.1).
pub const SIZE_2: u32 = 44;
/// Page number and imprint 4号, 14 pt (7.4.2, 7.5).
pub const SIZE_4: u32 = 28;
/// Text in tables 小四, 12 pt.
pub const SIZE_SMALL_4: u32 = 24;
/// Body characters are set 0.25 pt tighter, so that 28 of them fill the line (5.2.3).
pub const TIGHTEN: i32 = -5;
/// Two characters of the tightened body: the indent of a paragraph (7.3.3).
pub const INDENT_2: u32 = 630;
/// The mark's upper edge is 35 mm below the upper edge of the type area (7.2.4).
pub const MARK_DROP: u32 = 1984;
/// The red line lies 4 mm below the document number; in points, as borders are spaced (7.2.7).
pub const RED_LINE_GAP_PT: u32 = 11;
/// The page number's dash lies 7 mm below the type area; measured from the page's lower edge (7.5).
pub const FOOTER: u32 = 1446;
/// Header distance: leaves one line for 【演练】 above the type area.
pub const HEADER: u32 = 1121;
/// Letter: the mark's upper edge is 30 mm below the page's upper edge (10.1).
pub const LETTER_HEADER: u32 = 1701;
/// Letter: the lower red double line lies 20 mm above the page's lower edge (10.1).
pub const LETTER_FOOTER: u32 = 1134;
/// Letter: the red double lines are 170 mm long, 8 mm beyond the type area at the left (10.1) …
pub const LETTER_LINE_LEFT: u32 = 454;
/// … and 6 mm beyond it at the right.
pub const LETTER_LINE_RIGHT: u32 = 340;

/// 仿宋: the body.
pub const FANG_SONG: &str = "仿宋_GB2312";
/// 小标宋: mark and title.
pub const XIAO_BIAO_SONG: &str = "方正小标宋简体";
/// 黑体: headings of the first level, secrecy and urgency.
pub const HEI: &str = "黑体";
/// 楷体: headings of the second level, the signer's name.
pub const KAI: &str = "楷体_GB2312";
/// 宋体: page numbers.
pub const SONG: &str = "宋体";
/// Latin letters and Arabic figures within 仿宋 and 楷体.
pub const LATIN: &str = "Times New Roman";
