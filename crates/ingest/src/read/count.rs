//! How often each value of a column occurs in a whole file.

use std::collections::HashMap;

use model::Localized;

use super::{Files, ReadError, Table};
use crate::{path::Path, pattern};

/// Most different values that are told apart; whoever has more has named another column.
const MOST_VALUES: usize = 10_000;

/// The values of a column.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counted {
    /// Values with the number of their rows, most frequent first.
    pub values: Vec<(String, u64)>,
    /// Rows read, damaged ones included.
    pub rows: u64,
}

/// Counts the values of a column over all rows of a file; rows that cannot be read or have no value count for none. The
/// column is a path as in a mapping.
pub fn count_values(files: &dyn Files, name: &str, format: &str, column: &str) -> Result<Counted, Localized> {
    let mut table = Table::open(files, name, format)?;
    let head = table.head().map(<[String]>::to_vec);
    let path = Path::new(column, head.as_deref(), pattern::stem(name))?;
    let mut counts: HashMap<String, u64> = HashMap::new();
    let mut rows = 0;
    loop {
        let row = match table.next() {
            Ok(None) => break,
            Ok(Some(row)) => row,
            Err(ReadError::Row { .. }) => {
                rows += 1;
                continue;
            }
            Err(ReadError::File(problem)) => return Err(problem),
        };
        rows += 1;
        let at = path.at(row);
        let Some(value) = at.text() else { continue };
        if let Some(count) = counts.get_mut(value.as_ref()) {
            *count += 1;
        } else if counts.len() < MOST_VALUES {
            counts.insert(value.into_owned(), 1);
        } else {
            return Err(Localized::new(
                format!(
                    "'{column}' 열에 서로 다른 값이 {MOST_VALUES}개를 넘습니다. 관계 종류가 아닌 열일 수 있습니다. 다른 열을 고르세요"
                ),
                format!(
                    "the column '{column}' has more than {MOST_VALUES} different values, so it hardly names a type; choose another column"
                ),
            ));
        }
    }
    let mut values: Vec<(String, u64)> = counts.into_iter().collect();
    values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok(Counted { values, rows })
}
