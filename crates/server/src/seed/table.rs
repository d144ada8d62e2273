//! Tables of tab-separated values, each fault with its place.

use std::str::FromStr;

/// Why a jurisdiction's files cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SeedFault {
    /// A file is not there.
    #[error("file {file:?} is missing")]
    Missing {
        /// Which.
        file: String,
    },
    /// A file cannot be read.
    #[error("cannot read {file:?}")]
    Unread {
        /// Which.
        file: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A file is no UTF-8 text.
    #[error("{file:?} is not UTF-8")]
    NotUtf8 {
        /// Which.
        file: String,
    },
    /// A cell does not fit.
    #[error("cannot read {file:?}, line {line}: {why}")]
    Cell {
        /// In which file.
        file: String,
        /// In which line, from 1.
        line: usize,
        /// Why.
        why: String,
    },
    /// A TOML file does not fit.
    #[error("cannot read {file:?}")]
    Toml {
        /// Which.
        file: String,
        /// Where and why.
        #[source]
        source: Box<toml::de::Error>,
    },
}

impl SeedFault {
    pub(super) fn toml(file: &str) -> impl Fn(toml::de::Error) -> Self {
        move |source| Self::Toml { file: file.to_owned(), source: Box::new(source) }
    }

    /// A fault of a file as a whole.
    pub(super) fn whole(file: &str, why: impl Into<String>) -> Self {
        Self::cell(file, 1, why)
    }

    fn cell(file: &str, line: usize, why: impl Into<String>) -> Self {
        Self::Cell { file: file.to_owned(), line, why: why.into() }
    }
}

/// A table that was read.
#[derive(Debug)]
pub(super) struct Table<'t> {
    file: &'t str,
    columns: Vec<&'t str>,
    rows: Vec<(usize, Vec<&'t str>)>,
}

impl<'t> Table<'t> {
    /// Comments stand at the top, then one heading line with at least these columns, then rows of equal length.
    pub(super) fn read(file: &'t str, text: &'t str, columns: &[&str]) -> Result<Self, SeedFault> {
        let mut lines =
            text.lines().enumerate().map(|(i, line)| (i + 1, line)).skip_while(|(_, l)| l.starts_with('#'));
        let Some((line, heading)) = lines.next() else {
            return Err(SeedFault::whole(file, "there is no heading line"));
        };
        let found: Vec<&str> = heading.split('\t').collect();
        if let Some(missing) = columns.iter().find(|c| !found.contains(c)) {
            return Err(SeedFault::cell(file, line, format!("column {missing} is missing")));
        }
        let mut rows = Vec::new();
        for (line, text) in lines.filter(|(_, text)| !text.is_empty()) {
            let cells: Vec<&str> = text.split('\t').collect();
            if cells.len() != found.len() {
                let why = format!("{} cells where the heading has {}", cells.len(), found.len());
                return Err(SeedFault::cell(file, line, why));
            }
            rows.push((line, cells));
        }
        Ok(Self { file, columns: found, rows })
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|(line, cells)| Row { table: self, line: *line, cells })
    }
}

/// One row.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    table: &'a Table<'a>,
    line: usize,
    cells: &'a [&'a str],
}

impl<'a> Row<'a> {
    pub(super) fn fault(&self, why: impl Into<String>) -> SeedFault {
        SeedFault::cell(self.table.file, self.line, why)
    }

    /// A cell, perhaps empty. Columns were checked when the table was read; another name is empty everywhere.
    pub(super) fn cell(&self, column: &str) -> &'a str {
        let index = self.table.columns.iter().position(|c| *c == column);
        index.and_then(|i| self.cells.get(i)).copied().unwrap_or("")
    }

    pub(super) fn text(&self, column: &str) -> Result<String, SeedFault> {
        match self.cell(column) {
            "" => Err(self.fault(format!("column {column} is empty"))),
            text => Ok(text.to_owned()),
        }
    }

    pub(super) fn text_opt(&self, column: &str) -> Option<String> {
        Some(self.cell(column)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    pub(super) fn get<T: FromStr>(&self, column: &str) -> Result<T, SeedFault> {
        let text = self.text(column)?;
        text.parse().map_err(|_| self.fault(format!("column {column} cannot be {text:?}")))
    }

    pub(super) fn get_opt<T: FromStr>(&self, column: &str) -> Result<Option<T>, SeedFault> {
        if self.cell(column).is_empty() { Ok(None) } else { self.get(column).map(Some) }
    }

    /// A word of a fixed list, as the interface writes it.
    pub(super) fn word<T: serde::de::DeserializeOwned>(&self, column: &str) -> Result<T, SeedFault> {
        let text = self.text(column)?;
        serde_json::from_value(serde_json::Value::String(text.clone()))
            .map_err(|_| self.fault(format!("column {column} cannot be {text:?}")))
    }

    pub(super) fn word_opt<T: serde::de::DeserializeOwned>(
        &self,
        column: &str,
    ) -> Result<Option<T>, SeedFault> {
        if self.cell(column).is_empty() { Ok(None) } else { self.word(column).map(Some) }
    }

    pub(super) fn list(&self, column: &str) -> impl Iterator<Item = &'a str> {
        self.cell(column).split(';').filter(|item| !item.is_empty())
    }

    pub(super) fn point(&self) -> Result<domain::types::Point, SeedFault> {
        let point = domain::types::Point { lon: self.get("lon")?, lat: self.get("lat")? };
        if point.is_valid() {
            Ok(point)
        } else {
            Err(self.fault("columns lon and lat are no point on earth"))
        }
    }

    pub(super) fn point_opt(&self) -> Result<Option<domain::types::Point>, SeedFault> {
        if self.cell("lon").is_empty() { Ok(None) } else { self.point().map(Some) }
    }
}
