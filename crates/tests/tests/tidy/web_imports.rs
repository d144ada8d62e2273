//! The console's folders import one way: `ui` and `map` know nothing of ours, a part knows another only by its index.

use crate::source::{File, Finding, Tree, assert_caught, assert_none};

const SOURCES: &str = "web/console/src/";

/// Folders that know nothing of ours: they could stand in any project.
const APART: [&str; 2] = ["ui", "map"];

fn console_imports(tree: &Tree) -> Vec<Finding> {
    let files = tree.files().filter(|file| file.path.starts_with(SOURCES));
    let code =
        files.filter(|file| (file.has_extension("ts") || file.has_extension("tsx")) && !file.is_test());
    code.flat_map(wrong_imports).collect()
}

fn wrong_imports(file: &File) -> Vec<Finding> {
    let Some((folder, _)) = file.path[SOURCES.len()..].split_once('/') else { return Vec::new() };
    let mut findings = Vec::new();
    for (number, line) in file.lines() {
        let Some(inside) = imported(line).and_then(|target| target.strip_prefix("../")) else { continue };
        let (other, rest) = inside.split_once('/').unwrap_or((inside, ""));
        if APART.contains(&folder) {
            findings.push(file.finding(
                number,
                format!("`{folder}/` knows nothing of ours: hand `{inside}` in by a property"),
            ));
        } else if !rest.is_empty() && !rest.starts_with("index") && ![folder, other].contains(&"locales") {
            // Every folder speaks, so `locales` lies beside them all, and is told the language by the session.
            findings.push(file.finding(
                number,
                format!("`{inside}` is the inside of another part: take it from {other}/index.ts"),
            ));
        }
    }
    findings
}

/// What `… from '../ui/index.ts'` names.
fn imported(line: &str) -> Option<&str> {
    let (_, target) = line.split_once(" from '").or_else(|| line.split_once("import '"))?;
    target.split('\'').next()
}

#[test]
fn the_consoles_folders_import_one_way() {
    assert_none(&console_imports(Tree::repository()));
}

#[test]
fn a_button_that_knows_orders_and_a_reach_into_a_part_are_caught() {
    let ui = (
        "web/console/src/ui/Button.tsx",
        "import { t } from './words.ts'\nimport { Order } from '../dispatch/index.ts'\n",
    );
    assert_caught(&console_imports(&Tree::sample(&[ui])), "web/console/src/ui/Button.tsx:2", "knows nothing");
    let part = |line| [("web/console/src/duty/Sheet.tsx", line)];
    assert_none(&console_imports(&Tree::sample(&part("import { Row } from '../dispatch/index.ts'\n"))));
    let inside = part("import { Row } from '../dispatch/OrderRow.tsx'\n");
    assert_caught(
        &console_imports(&Tree::sample(&inside)),
        "web/console/src/duty/Sheet.tsx:1",
        "dispatch/index.ts",
    );
}
