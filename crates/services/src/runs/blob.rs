//! Outputs as they are stored: JSON by its hash, deflated where that is shorter.

use std::io::{Read, Write};

use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::error::Result;

/// Shorter ones are not worth deflating.
const WORTH: usize = 512;

/// An output to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob {
    pub hash: Vec<u8>,
    pub bytes: Vec<u8>,
    pub deflated: bool,
    /// Bytes of the JSON.
    pub size: usize,
}

/// Packs a value.
pub fn pack<T: Serialize>(value: &T) -> Result<Blob> {
    let json = serde_json::to_vec(value)?;
    let hash = Sha256::digest(&json).to_vec();
    let size = json.len();
    if size >= WORTH {
        let mut encoder = DeflateEncoder::new(Vec::with_capacity(size / 4), Compression::fast());
        encoder.write_all(&json)?;
        let bytes = encoder.finish()?;
        if bytes.len() < size {
            return Ok(Blob { hash, bytes, deflated: true, size });
        }
    }
    Ok(Blob { hash, bytes: json, deflated: false, size })
}

/// The value of stored bytes.
pub fn unpack(bytes: &[u8], deflated: bool) -> Result<Value> {
    if !deflated {
        return Ok(serde_json::from_slice(bytes)?);
    }
    let mut json = Vec::new();
    DeflateDecoder::new(bytes).read_to_end(&mut json)?;
    Ok(serde_json::from_slice(&json)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_packed_comes_out_as_it_was_and_large_things_become_smaller() {
        for value in [json!({"rows": []}), json!(vec!["the same"; 500])] {
            let blob = pack(&value).unwrap();
            assert_eq!(unpack(&blob.bytes, blob.deflated).unwrap(), value);
            assert_eq!(blob.deflated, blob.size >= WORTH);
        }
        assert_eq!(pack(&json!(1)).unwrap().hash, pack(&json!(1)).unwrap().hash);
    }
}
