//! The node's own log: what happened to the machine, never a name, a number or a text of an incident.

use tracing_subscriber::EnvFilter;

use crate::config::LogForm;

/// Begins the log on standard error; `RUST_LOG` says how much.
pub fn begin(form: LogForm) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A log that was begun before stays as it is: tests begin it more than once.
    let _ = match form {
        LogForm::Text => builder.try_init(),
        LogForm::Json => builder.json().try_init(),
    };
}
