//! One long day at Rongcheng in which everything happens that can happen, and what is kept and told of it:
//! the shape of every event (`tests/journal/`), its line in both languages, who is told and what it rings.

mod day;
mod journal;
mod told;

/// Compares with a printed text; `MUSTER_BLESS=1` writes it, a person reviews it.
fn is_printed(name: &str, now: &str) {
    let path = format!("{}/tests/story/{name}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("MUSTER_BLESS").is_some() {
        std::fs::write(&path, now).expect("the printed text is writable");
    }
    let printed = std::fs::read_to_string(&path).unwrap_or_default();
    if printed != now {
        let line = printed.lines().zip(now.lines()).find(|(was, is)| was != is);
        panic!("{name} has changed: {line:#?}\nreview it, then bless it with MUSTER_BLESS=1");
    }
}
