//! Travel times until road times exist: from the straight distance, and saying so wherever they are shown.

/// A road is longer than the straight line by about this, in hundredths (a usual detour factor of county roads).
const DETOUR_PERCENT: u64 = 140;
/// Speed of a loaded engine on county roads, metres a second (40 km/h).
const SPEED_M_S: u64 = 11;

/// Seconds for a straight distance in metres.
pub fn straight_line_s(distance_m: u32) -> u32 {
    let seconds = u64::from(distance_m) * DETOUR_PERCENT / 100 / SPEED_M_S;
    u32::try_from(seconds).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    /// 崖头 to 石岛: 31 km as the crow flies, about 38 km by road (research: 36 km of real main road).
    #[test]
    fn a_fire_engine_needs_about_an_hour_from_yatou_to_shidao() {
        let minutes = super::straight_line_s(31_500) / 60;
        assert!((60..70).contains(&minutes), "{minutes}");
    }
}
