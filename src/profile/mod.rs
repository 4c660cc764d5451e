//! Settings: named credentials and defaults. Flag over environment over file over built-in; never sends or prints.

mod editor;
mod file;
mod keyring;
mod password;
mod proxy;
mod setting;
mod settings;

pub use editor::Editor;
pub use file::{ConfigFile, Environment, Profile, Store, mode, path};
pub use keyring::Keyring;
pub use password::{PasswordSource, from_stream, read_secret_file};
pub use proxy::{exception_for, proxy_for};
pub use setting::{Setting, Source, is_set, raw_variable, variable};
pub use settings::{Flags, SET_UP, Settings, check_username};
