//! Writes the sample documents into a directory, to be looked at in a word processor:
//! `cargo run -p muster-documents --example samples -- /tmp/samples`.

#[path = "../tests/documents/cast.rs"]
mod cast;

use std::path::PathBuf;

use muster_documents::Lang;

fn main() -> std::io::Result<()> {
    let folder = PathBuf::from(std::env::args_os().nth(1).unwrap_or_else(|| "samples".into()));
    std::fs::create_dir_all(&folder)?;
    for (lang, tag) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
        for (name, bytes) in cast::everything(lang) {
            std::fs::write(folder.join(format!("{name}.{tag}.docx")), bytes)?;
        }
    }
    let long = "沿途侦察、冷却、堵截，随时报告。".repeat(200);
    for (name, bytes) in cast::bare(&long) {
        std::fs::write(folder.join(format!("{name}.long.docx")), bytes)?;
    }
    let mut drill = cast::filing();
    drill.official.drill = true;
    std::fs::write(folder.join("filing.drill.docx"), drill.docx(Lang::Zh))?;
    let mut drill = cast::order();
    drill.official.drill = true;
    drill.task = "沿途侦察、冷却、堵截，随时报告。".repeat(90);
    std::fs::write(folder.join("order.drill.docx"), drill.docx(Lang::Zh))
}
