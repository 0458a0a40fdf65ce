//! The text of a file, from its bytes.

use std::borrow::Cow;

use encoding_rs::{UTF_16BE, UTF_16LE};

use super::{accents, encoding::Encoding, error::TableError, kind::BinaryKind};

/// Up to here, in bytes, a NUL says that the file never was text; further on, that it was damaged.
const OPENING_BYTES: usize = 1024;

/// How many control characters a line may hold: old programs leave a form feed or an end-of-file mark behind.
const CONTROLS_PER_LINE: usize = 3;

/// The text of a file. Its lines end in `\n` or `\r\n`; the lone `\r` of old Macs becomes `\n`.
pub(super) fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, Encoding), TableError> {
    if let Some(kind) = BinaryKind::of(bytes) {
        return Err(TableError::Binary { kind });
    }
    let marked = encoding_rs::Encoding::for_bom(bytes).map(|(decoder, _)| decoder);
    let is_wide = marked.is_some_and(|decoder| decoder == UTF_16LE || decoder == UTF_16BE);
    let first_nul = bytes.iter().take(OPENING_BYTES).position(|&byte| byte == 0);
    if let Some(offset) = first_nul.filter(|_| !is_wide) {
        return Err(TableError::Binary { kind: BinaryKind::Unknown { offset } });
    }
    let (mut text, malformed, encoding) = match marked {
        Some(decoder) => {
            let (text, malformed) = decoder.decode_with_bom_removal(bytes);
            (text, malformed, if is_wide { Encoding::Utf16 } else { Encoding::Utf8WithMark })
        }
        None => match std::str::from_utf8(bytes) {
            Ok(text) => (Cow::Borrowed(text), false, Encoding::Utf8),
            Err(_) => in_one_byte_each(bytes)?,
        },
    };
    // Programs that add a mark to a file that has one leave two.
    if text.starts_with('\u{feff}') {
        text = Cow::Owned(text.trim_start_matches('\u{feff}').to_owned());
    }
    if text.contains('\r') && !text.contains('\n') {
        text = Cow::Owned(text.replace('\r', "\n"));
    }
    match (1..).zip(text.split('\n')).find(|(_, line)| is_damaged(line, malformed)) {
        Some((line, _)) => Err(TableError::HalfBinary { line }),
        None => Ok((text, encoding)),
    }
}

/// A text in which each letter is a byte.
fn in_one_byte_each(bytes: &[u8]) -> Result<(Cow<'_, str>, bool, Encoding), TableError> {
    if let Some((line, byte)) = stray_byte(bytes) {
        return Err(TableError::StrayByte { line, byte });
    }
    let (text, encoding) = accents::read(bytes).ok_or(TableError::UnknownAccents)?;
    Ok((Cow::Owned(text), false, encoding))
}

/// The first byte that is no UTF-8, and its line, in a file that otherwise is: in Windows-1252, letters that happen to
/// make up valid UTF-8 are as good as never seen, and each letter with an accent makes an invalid byte.
fn stray_byte(bytes: &[u8]) -> Option<(u64, u8)> {
    let (mut valid, mut invalid, mut read) = (0_usize, 0_usize, 0_usize);
    let mut first = None;
    for chunk in bytes.utf8_chunks() {
        valid += chunk.valid().chars().filter(|letter| !letter.is_ascii()).count();
        invalid += chunk.invalid().len();
        read += chunk.valid().len();
        if first.is_none() {
            first = chunk.invalid().first().map(|byte| (read, *byte));
        }
        read += chunk.invalid().len();
    }
    let (offset, byte) = first.filter(|_| valid >= 2 * invalid)?;
    let before = &bytes[..offset];
    let end = if bytes.contains(&b'\n') { b'\n' } else { b'\r' };
    let lines: u64 = before.iter().map(|byte| u64::from(*byte == end)).sum();
    Some((lines + 1, byte))
}

fn is_damaged(line: &str, malformed: bool) -> bool {
    line.as_bytes().contains(&0)
        || malformed && line.contains(char::REPLACEMENT_CHARACTER)
        || line.bytes().filter(|byte| byte.is_ascii_control() && !matches!(byte, b'\t' | b'\r')).count()
            > CONTROLS_PER_LINE
}
