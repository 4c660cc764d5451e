//! The sandbox's state file: opening it, and the transaction that changes it. What it holds is in `tables`.

use std::path::Path;

use anyhow::{Context as _, Result};
use redb::{Database, DatabaseError, ReadableDatabase};

use super::tables::Tables;

/// The layout of the tables; a file of another layout is refused.
const LAYOUT: u64 = 1;

/// How much of the file is kept in memory, in bytes.
const CACHE: usize = 64 * 1024 * 1024;

/// An open state file, or memory.
#[derive(Debug)]
pub struct Store {
    database: Database,
}

impl Store {
    /// Opens the file, making it where there is none; without a path everything is kept in memory.
    ///
    /// # Errors
    ///
    /// If another process has it open, or it cannot be read, or it is of another version.
    pub fn open(path: Option<&Path>) -> Result<Self> {
        let Some(path) = path else {
            let backend = redb::backends::InMemoryBackend::new();
            let database = Database::builder()
                .set_cache_size(CACHE)
                .create_with_backend(backend)?;
            return Ok(Self { database });
        };
        let named = || {
            format!(
                "the sandbox's state file {} cannot be opened",
                path.display()
            )
        };
        let database = match Database::builder()
            .set_cache_size(CACHE)
            .create(private(path).with_context(named)?)
        {
            Err(DatabaseError::DatabaseAlreadyOpen) => anyhow::bail!(
                "another sandbox is using {}; stop it, or choose another file with --state or none with --ephemeral",
                path.display()
            ),
            opened => opened.with_context(named)?,
        };
        let store = Self { database };
        store.transact(|tables| match tables.number("layout")? {
            Some(LAYOUT) => Ok(()),
            None => tables.set_number("layout", LAYOUT),
            Some(_) => anyhow::bail!(
                "{} was written by another version; delete it",
                path.display()
            ),
        })?;
        Ok(store)
    }

    /// Runs `work` on the tables and makes its changes durable, all or none; without changes nothing is written.
    ///
    /// # Errors
    ///
    /// If `work` fails or the file cannot be written; then nothing is changed.
    pub fn transact<T>(&self, work: impl FnOnce(&mut Tables) -> Result<T>) -> Result<T> {
        let transaction = self.database.begin_write()?;
        let (result, changed) = {
            let mut tables = Tables::open(&transaction)?;
            (work(&mut tables), tables.has_changed())
        };
        if changed && result.is_ok() {
            transaction.commit()?;
        } else {
            transaction.abort()?;
        }
        result
    }

    /// Removes everything.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn clear(&self) -> Result<()> {
        let transaction = self.database.begin_write()?;
        for table in self.database.begin_read()?.list_tables()? {
            transaction.delete_table(table)?;
        }
        transaction.commit()?;
        Ok(())
    }
}

/// Makes the file's folder and the file readable by its owner alone.
fn private(path: &Path) -> std::io::Result<&Path> {
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        let mut builder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.recursive(true).create(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?;
    Ok(path)
}
