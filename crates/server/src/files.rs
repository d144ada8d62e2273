//! Attachments, named by the SHA-256 of their bytes and sealed at rest with their incident's key: erasing an incident
//! erases its photos.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::types::{FileId, IncidentId};
use journal::{Opened, Vault};
use serde::{Deserialize, Serialize};

use crate::hash::{hex, sha256};
use crate::limits;
use crate::shared::Shared;

/// What is known of an attachment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct FileMeta {
    /// SHA-256 of its bytes.
    pub id: String,
    /// As the sender named it.
    pub name: String,
    /// Bytes.
    pub size: usize,
    /// Its type.
    pub media_type: String,
}

/// Why an attachment was not kept or not found.
#[derive(Debug, thiserror::Error)]
pub enum FileFault {
    /// More bytes than the limit.
    #[error("an attachment has {size} bytes, and at most {limit} are kept", limit = limits::FILE_BYTES)]
    TooLarge {
        /// Bytes given.
        size: usize,
    },
    /// Not one of the types that are kept.
    #[error("attachments of type {media_type:?} are not kept")]
    Type {
        /// The type given.
        media_type: String,
    },
    /// The disk.
    #[error("an attachment could not be written or read")]
    Disk(#[from] std::io::Error),
    /// The seal.
    #[error("an attachment could not be sealed or opened")]
    Seal(#[from] journal::Fault),
    /// What was found is not what was written.
    #[error("an attachment is not as it was written")]
    Altered,
    /// The node has no vault.
    #[error("there is no vault to seal attachments with")]
    NoVault,
}

/// Where attachments or proposals are kept.
enum Store {
    /// Below a directory of the node.
    Directory(PathBuf),
    /// In the database that several nodes share.
    Shared(Shared),
}

/// The store; also of proposals, which hold no personal data.
pub struct Files {
    store: Store,
    vault: Option<Arc<Vault>>,
}

impl Files {
    /// Below this directory.
    pub fn new(dir: PathBuf, vault: Option<Arc<Vault>>) -> Self {
        Self { store: Store::Directory(dir), vault }
    }

    /// In the database that several nodes share.
    pub fn shared(shared: Shared, vault: Option<Arc<Vault>>) -> Self {
        Self { store: Store::Shared(shared), vault }
    }

    /// Keeps an attachment of an incident; the same bytes again are the same file. Blocks.
    pub fn put(
        &self,
        incident: IncidentId,
        name: &str,
        media_type: &str,
        bytes: &[u8],
    ) -> Result<FileMeta, FileFault> {
        if bytes.len() > limits::FILE_BYTES {
            return Err(FileFault::TooLarge { size: bytes.len() });
        }
        let media_type = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if !limits::FILE_TYPES.contains(&media_type.as_str()) {
            return Err(FileFault::Type { media_type });
        }
        let name = name.chars().filter(|c| !c.is_control()).take(limits::CREDENTIAL_CHARS).collect();
        let meta = FileMeta { id: hex(&sha256(bytes)), name, size: bytes.len(), media_type };
        let id: FileId = meta.id.parse().expect("a digest is an id");
        if !self.has(&id, incident)? {
            let vault = self.vault.as_ref().ok_or(FileFault::NoVault)?;
            let mut plain = serde_json::to_vec(&meta).expect("texts and a number");
            plain.push(b'\n');
            plain.extend_from_slice(bytes);
            let sealed = vault.seal_bytes(&format!("incident/{incident}"), &plain)?;
            self.put_sealed(&id, incident, &sealed)?;
        }
        Ok(meta)
    }

    fn put_sealed(&self, id: &FileId, incident: IncidentId, sealed: &[u8]) -> Result<(), FileFault> {
        match &self.store {
            Store::Directory(dir) => Ok(write_whole(&dir_of(dir, id).join(incident.to_string()), sealed)?),
            Store::Shared(shared) => Ok(shared.put_file(id.as_str(), incident, sealed)?),
        }
    }

    fn sealed(&self, id: &FileId, incident: IncidentId) -> Result<Option<Vec<u8>>, FileFault> {
        match &self.store {
            Store::Directory(dir) => Ok(read_if_there(&dir_of(dir, id).join(incident.to_string()))?),
            Store::Shared(shared) => Ok(shared.file(id, incident)?),
        }
    }

    /// Copies every attachment, sealed as it is, to another place with the same keys; gives their number. Blocks.
    pub fn copy_to(&self, other: &Self) -> Result<usize, FileFault> {
        let all = match &self.store {
            Store::Directory(dir) => {
                let mut all = Vec::new();
                for two in names_in(dir)? {
                    for id in names_in(&dir.join(&two))? {
                        for incident in names_in(&dir.join(&two).join(&id))? {
                            all.push((id.clone(), incident));
                        }
                    }
                }
                all
            }
            Store::Shared(shared) => shared.files()?,
        };
        let mut copied = 0;
        for (id, incident) in all {
            let (Ok(id), Ok(incident)) = (id.parse::<FileId>(), incident.parse()) else { continue };
            if let Some(sealed) = self.sealed(&id, incident)? {
                other.put_sealed(&id, incident, &sealed)?;
                copied += 1;
            }
        }
        Ok(copied)
    }

    /// The incidents that an attachment belongs to. Blocks.
    pub fn incidents_of(&self, id: &FileId) -> Result<Vec<IncidentId>, FileFault> {
        if !is_digest(id.as_str()) {
            return Ok(Vec::new());
        }
        let names = match &self.store {
            Store::Directory(dir) => names_in(&dir_of(dir, id))?,
            Store::Shared(shared) => shared.incidents_of(id)?,
        };
        let mut incidents: Vec<IncidentId> = names.iter().filter_map(|name| name.parse().ok()).collect();
        incidents.sort_unstable();
        Ok(incidents)
    }

    /// An attachment of an incident; `None` where there is none, or where it was erased. Blocks.
    pub fn get(&self, id: &FileId, incident: IncidentId) -> Result<Option<(FileMeta, Vec<u8>)>, FileFault> {
        if !is_digest(id.as_str()) {
            return Ok(None);
        }
        let Some(sealed) = self.sealed(id, incident)? else { return Ok(None) };
        let vault = self.vault.as_ref().ok_or(FileFault::NoVault)?;
        let Opened::Bytes(mut plain) = vault.open_bytes(&format!("incident/{incident}"), &sealed)? else {
            return Ok(None);
        };
        let end = plain.iter().position(|b| *b == b'\n').ok_or(FileFault::Altered)?;
        let bytes = plain.split_off(end + 1);
        let meta: FileMeta = serde_json::from_slice(&plain).map_err(|_| FileFault::Altered)?;
        if hex(&sha256(&bytes)) != id.as_str() {
            return Err(FileFault::Altered);
        }
        Ok(Some((meta, bytes)))
    }

    /// Was it uploaded for this incident? Blocks.
    pub fn has(&self, id: &FileId, incident: IncidentId) -> Result<bool, FileFault> {
        if !is_digest(id.as_str()) {
            return Ok(false);
        }
        match &self.store {
            Store::Directory(dir) => Ok(dir_of(dir, id).join(incident.to_string()).exists()),
            Store::Shared(_) => Ok(self.incidents_of(id)?.contains(&incident)),
        }
    }
}

/// Only for digests: no id leads out of the directory.
fn dir_of(dir: &Path, id: &FileId) -> PathBuf {
    dir.join(&id.as_str()[..2]).join(id.as_str())
}

fn names_in(dir: &Path) -> std::io::Result<Vec<String>> {
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(missing) if missing.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut names = Vec::new();
    for entry in entries {
        names.extend(entry?.file_name().into_string());
    }
    Ok(names)
}

fn read_if_there(path: &Path) -> std::io::Result<Option<Vec<u8>>> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(missing) if missing.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Proposals by the hash of their text: what a plan cites.
pub struct Proposals {
    store: Store,
}

impl Proposals {
    /// Below this directory.
    pub fn new(dir: PathBuf) -> Self {
        Self { store: Store::Directory(dir) }
    }

    /// In the database that several nodes share.
    pub fn shared(shared: Shared) -> Self {
        Self { store: Store::Shared(shared) }
    }

    /// Keeps a proposal under its hash; the same again costs a look.
    pub fn put(&self, hash: &str, bytes: &[u8]) -> Result<(), FileFault> {
        if bytes.len() > limits::PROPOSAL_BYTES {
            return Err(FileFault::TooLarge { size: bytes.len() });
        }
        if hex(&sha256(bytes)) != hash {
            return Err(FileFault::Altered);
        }
        match &self.store {
            Store::Directory(dir) => {
                let path = dir.join(format!("{hash}.json"));
                if path.exists() { Ok(()) } else { Ok(write_whole(&path, bytes)?) }
            }
            Store::Shared(shared) => Ok(shared.put_proposal(hash, bytes)?),
        }
    }

    /// Copies every proposal to another place; gives their number. Blocks.
    pub fn copy_to(&self, other: &Self) -> Result<usize, FileFault> {
        let names = match &self.store {
            Store::Directory(dir) => names_in(dir)?,
            Store::Shared(shared) => shared.proposals()?,
        };
        let mut copied = 0;
        for name in names {
            let hash = name.strip_suffix(".json").unwrap_or(&name);
            if let Some(body) = self.get(hash)? {
                other.put(hash, &body)?;
                copied += 1;
            }
        }
        Ok(copied)
    }

    /// A proposal; `None` where there is none.
    pub fn get(&self, hash: &str) -> Result<Option<Vec<u8>>, FileFault> {
        if !is_digest(hash) {
            return Ok(None);
        }
        let found = match &self.store {
            Store::Directory(dir) => read_if_there(&dir.join(format!("{hash}.json")))?,
            Store::Shared(shared) => shared.proposal(hash)?,
        };
        match found {
            Some(bytes) if hex(&sha256(&bytes)) != hash => Err(FileFault::Altered),
            found => Ok(found),
        }
    }
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// All of it or nothing, durable when it returns.
fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let dir = path.parent().expect("every path lies below a directory");
    make_dir(dir)?;
    let unfinished = path.with_extension(format!("{:016x}.unfinished", rand::random::<u64>()));
    let mut file = std::fs::File::create(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&unfinished, path)?;
    std::fs::File::open(dir)?.sync_all()
}

/// Makes a directory and those above it; their names are durable when it returns.
fn make_dir(dir: &Path) -> std::io::Result<()> {
    let Some(above) = dir.parent().filter(|_| !dir.is_dir()) else { return Ok(()) };
    make_dir(above)?;
    match std::fs::create_dir(dir) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    let above = if above.as_os_str().is_empty() { Path::new(".") } else { above };
    std::fs::File::open(above)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store(dir: &Path) -> Files {
        let vault = Vault::open(&dir.join("keys"), journal::Sealing::Aes256Gcm).unwrap();
        Files::new(dir.join("files"), Some(Arc::new(vault)))
    }

    #[test]
    fn a_photo_lies_sealed_and_goes_with_its_incident() {
        let dir = tempfile::tempdir().unwrap();
        let files = store(dir.path());
        let incident: IncidentId = "01JQ8Z4T3M6W9X2Y5V7B1C0D8E".parse().unwrap();
        let meta = files.put(incident, "现场.jpg", "image/jpeg", b"a photo of the tank").unwrap();
        let id: FileId = meta.id.parse().unwrap();
        assert_eq!(files.put(incident, "现场.jpg", "image/jpeg", b"a photo of the tank").unwrap(), meta);
        assert_eq!(files.incidents_of(&id).unwrap(), [incident]);
        let path = dir.path().join("files").join(&meta.id[..2]).join(&meta.id).join(incident.to_string());
        let stored = std::fs::read(path).unwrap();
        assert!(!stored.windows(5).any(|w| w == b"photo"), "a photo lies open on the disk");
        assert_eq!(files.get(&id, incident).unwrap().unwrap().1, b"a photo of the tank");
        files.vault.as_ref().unwrap().destroy(&format!("incident/{incident}")).unwrap();
        assert!(files.get(&id, incident).unwrap().is_none());
    }

    #[test]
    fn what_is_too_large_or_of_another_type_is_refused_and_no_id_leads_elsewhere() {
        let dir = tempfile::tempdir().unwrap();
        let files = store(dir.path());
        let incident: IncidentId = "01JQ8Z4T3M6W9X2Y5V7B1C0D8E".parse().unwrap();
        let large = vec![0; limits::FILE_BYTES + 1];
        assert!(matches!(files.put(incident, "x", "image/png", &large), Err(FileFault::TooLarge { .. })));
        assert!(matches!(files.put(incident, "x", "text/html", b"<script>"), Err(FileFault::Type { .. })));
        let strange: FileId = "...".parse().unwrap();
        assert!(files.get(&strange, incident).unwrap().is_none());
        assert!(Proposals::new(dir.path().to_owned()).get("../keys/vault.db").unwrap().is_none());
    }
}
