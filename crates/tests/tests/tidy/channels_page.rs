//! The page that tells an administrator how a channel is set up is right: its settings are taken, and none is left out.

use crate::source::Tree;

const PAGE: &str = "docs/operate/channels.md";

fn page() -> &'static str {
    &Tree::repository().file(PAGE).expect("the page is there").text
}

/// The settings of the page, block by block.
fn blocks(page: &str) -> impl Iterator<Item = &str> {
    page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next())
}

/// Settings as the channels read them; files that the page names are on no developer's machine, so texts stand for them.
fn taken(block: &str) -> Result<channels::Settings, String> {
    toml::from_str(block).map_err(|error| format!("{PAGE}: {error}\n{block}"))
}

#[test]
fn each_setting_on_the_channels_page_is_one() {
    let mut count = 0;
    for block in blocks(page()) {
        taken(block).unwrap_or_else(|error| panic!("{error}"));
        count += 1;
    }
    assert!(count >= 10, "{count} blocks of settings");
}

#[test]
fn a_setting_on_the_page_that_is_none_is_caught() {
    assert!(taken("[[cmpp]]\nname = \"a\"\nhost = \"b\"\n").is_err());
}

/// Every list of the settings and every field of its entries stands on the page, in words or in an example.
#[test]
fn each_setting_of_a_channel_is_told() {
    let source =
        &Tree::repository().file("crates/channels/src/settings.rs").expect("the settings are there").text;
    let page = page();
    for line in source.lines() {
        let Some(field) = line.strip_prefix("    pub ").and_then(|rest| rest.split_once(':')) else {
            continue;
        };
        let told = page.contains(&format!("{} =", field.0))
            || page.contains(&format!("[{}]", field.0))
            || page.contains(&format!(".{}]", field.0))
            || page.contains(&format!("{}.", field.0));
        assert!(told, "{PAGE} does not tell of `{}`", field.0);
    }
}
