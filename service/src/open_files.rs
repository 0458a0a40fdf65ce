//! How many files the process may have open: each connection is one.

/// So many are for the database, webhooks, keys, and connections that are kept for operators.
const OTHERS: usize = 400;
/// So many connections there are at least, whatever the system says.
const CONNECTIONS_LEAST: usize = 16;

/// So many connections as are wanted, or as the system lets the process have.
pub(crate) fn connections_most(wanted: usize) -> usize {
    // Other systems do not tell so: there, what is wanted stands.
    let told = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    within(wanted, soft_limit(&told))
}

fn within(wanted: usize, files_most: Option<usize>) -> usize {
    match files_most {
        Some(files) => wanted.min(files.saturating_sub(OTHERS).max(CONNECTIONS_LEAST)),
        None => wanted,
    }
}

/// The limit that holds, of Linux' table of them.
fn soft_limit(limits: &str) -> Option<usize> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_may_allow_fewer_connections_than_are_wanted() {
        let limits = "Limit                     Soft Limit           Hard Limit           Units     \n\
                      Max processes             95876                95876                processes \n\
                      Max open files            1024                 524288               files     \n";
        assert_eq!(soft_limit(limits), Some(1_024));
        assert_eq!(soft_limit(&limits.replace("1024 ", "unlimited ")), None);
        for (wanted, files, expected) in
            [(1_024, Some(1_024), 624), (500, Some(1_024), 500), (1_024, Some(20_000), 1_024), (8, Some(64), 8)]
        {
            assert_eq!(within(wanted, files), expected, "{wanted} {files:?}");
        }
        assert_eq!((within(1_024, Some(64)), within(1_024, None)), (CONNECTIONS_LEAST, 1_024));
    }
}
