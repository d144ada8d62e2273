//! A release embeds the pages that were built last: a change of them builds the server again.

fn main() {
    for folder in ["web/console/dist", "web/terminal/dist", "data/rongcheng"] {
        println!("cargo:rerun-if-changed=../../{folder}");
    }
}
