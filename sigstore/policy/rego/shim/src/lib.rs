//! What ../internal/shim.h declares, over regorus. No panic leaves these functions.

mod counted;

use regorus::{Engine, PolicyLengthConfig, Value};
use std::ffi::c_void;
use std::num::{NonZeroU32, NonZeroUsize};
use std::panic::{catch_unwind, AssertUnwindSafe};

#[global_allocator]
static MEMORY: counted::Counted = counted::Counted;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Text {
    data: *const u8,
    size: usize,
}

#[repr(C)]
pub struct Source {
    name: Text,
    text: Text,
}

#[repr(u8)]
#[derive(Clone, Copy)]
enum Outcome {
    Allowed = 0,
    Denied = 1,
    Undefined = 2,
    Broken = 3,
    NoInput = 4,
    Panic = 5,
}

#[repr(C)]
pub struct Answer {
    outcome: Outcome,
    line: u32,
    name: Text,
    message: Text,
}

type Tell = extern "C" fn(*mut c_void, *const Answer);

impl Text {
    fn of(text: &str) -> Text {
        Text { data: text.as_ptr(), size: text.len() }
    }

    /// Safety: `data` points to `size` bytes, or is null.
    unsafe fn copy(self) -> Result<String, Said> {
        let bytes = if self.data.is_null() { &[] } else { std::slice::from_raw_parts(self.data, self.size) };
        String::from_utf8(bytes.to_vec()).map_err(|_| Said::new(Outcome::Broken, "it is not UTF-8"))
    }
}

/// An answer that owns its texts.
struct Said {
    outcome: Outcome,
    name: String,
    line: u32,
    message: String,
}

impl Said {
    fn new(outcome: Outcome, message: impl Into<String>) -> Said {
        Said { outcome, name: String::new(), line: 0, message: message.into() }
    }

    fn at(mut self, (name, line): (String, u32)) -> Said {
        self.name = name;
        self.line = line;
        self
    }
}

/// regorus puts the place into its text: "\n--> NAME:LINE:COLUMN\n … \nerror: MESSAGE".
fn broken(error: impl std::fmt::Display) -> Said {
    let text = error.to_string();
    let place = text.lines().find_map(|line| line.trim_start().strip_prefix("--> ")).and_then(|place| {
        let mut parts = place.rsplitn(3, ':').skip(1);
        let line = parts.next()?.parse().ok()?;
        Some((parts.next()?.to_string(), line))
    });
    let message = match text.split_once("\nerror: ") {
        Some((_, message)) if place.is_some() => message,
        _ => text.as_str(),
    };
    Said::new(Outcome::Broken, message.trim()).at(place.unwrap_or_default())
}

/// The bounds are those of the caller, who has read the files; nothing legible is longer than these.
fn lengths() -> PolicyLengthConfig {
    PolicyLengthConfig {
        max_col: NonZeroU32::new(64 * 1024).unwrap_or(NonZeroU32::MIN),
        max_file_bytes: NonZeroUsize::MAX,
        max_lines: NonZeroUsize::MAX,
    }
}

/// Where "data.PACKAGE.RULE" is declared: the first rule of that name, or the package without one, or nowhere.
fn declared(engine: &mut Engine, query: &str) -> (String, u32) {
    let path = query.strip_prefix("data.").unwrap_or(query);
    let (package, name) = path.rsplit_once('.').unwrap_or(("", path));
    let mut nearest = (String::new(), 0);
    for module in engine.get_modules() {
        let place = &module.package.refr.span();
        if place.text() != package {
            continue;
        }
        let file = place.source.get_path();
        for rule in &module.policy {
            let span = rule.span();
            let head = span.text().strip_prefix(name);
            if head.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_')) {
                return (file.to_string(), span.line);
            }
        }
        if nearest.1 == 0 {
            nearest = (file.to_string(), place.line);
        }
    }
    nearest
}

/// Safety: as of `cosign_rego_evaluate`.
unsafe fn load(sources: &[Source]) -> Result<Engine, Said> {
    let mut engine = Engine::new();
    engine.set_rego_v0(true);
    engine.set_policy_length_config(lengths());
    engine.set_strict_builtin_errors(false); // as OPA: a call that fails is undefined
    engine.set_gather_prints(true); // print() writes nothing
    for source in sources {
        let name = source.name.copy()?;
        let text = source.text.copy().map_err(|said| said.at((name.clone(), 0)))?;
        engine.add_policy(name.clone(), text).map_err(|error| {
            let said = broken(error);
            if said.name.is_empty() { said.at((name, 0)) } else { said }
        })?;
    }
    // Only what is prepared for a query has its calls and variables checked.
    engine.eval_query("true".to_string(), false).map_err(broken)?;
    Ok(engine)
}

/// serde_json hands a number over as an object with this key, and regorus takes any such object for one.
const NUMBER: &str = "$serde_json::private::Number";

/// Whether a string of the JSON text is that key, however it is escaped.
fn forges_number(input: &str) -> bool {
    let bytes = input.as_bytes();
    let mut at = 0;
    while let Some(found) = bytes[at..].iter().position(|byte| *byte == b'"') {
        let start = at + found;
        let mut end = start + 1;
        while end < bytes.len() && bytes[end] != b'"' {
            end += if bytes[end] == b'\\' { 2 } else { 1 };
        }
        at = bytes.len().min(end + 1);
        let word = input.get(start..at).unwrap_or("");
        let plain = word.len() == NUMBER.len() + 2 && word.trim_matches('"') == NUMBER;
        let escaped = || word.contains('\\') && serde_json::from_str::<String>(word).is_ok_and(|text| text == NUMBER);
        if plain || escaped() {
            return true;
        }
    }
    false
}

fn ask(mut engine: Engine, query: String, input: &str) -> Said {
    if forges_number(input) {
        return Said::new(Outcome::NoInput, "it has a key that stands for a number in the interpreter");
    }
    match Value::from_json_str(input) {
        Ok(input) => engine.set_input(input),
        Err(error) => return Said::new(Outcome::NoInput, error.to_string()),
    }
    let results = match engine.eval_query(query.clone(), false) {
        Ok(results) => results.result,
        Err(error) => return broken(error),
    };
    let values: Vec<&Value> = results.iter().flat_map(|one| &one.expressions).map(|one| &one.value).collect();
    let said = match values.as_slice() {
        [] | [Value::Undefined] => Said::new(Outcome::Undefined, ""),
        [Value::Bool(true)] if results.iter().all(|one| one.bindings.as_object().is_ok_and(|o| o.is_empty())) => {
            return Said::new(Outcome::Allowed, "");
        }
        [value, ..] => Said::new(Outcome::Denied, value.to_string()),
    };
    said.at(declared(&mut engine, &query))
}

/// Safety: as of `cosign_rego_evaluate`.
unsafe fn run(sources: &[Source], query: Text, input: Text) -> Said {
    let engine = match load(sources) {
        Ok(engine) => engine,
        Err(said) => return said,
    };
    if input.data.is_null() {
        return Said::new(Outcome::Allowed, "");
    }
    match (query.copy(), input.copy()) {
        (Ok(query), Ok(input)) => ask(engine, query, &input),
        _ => Said::new(Outcome::NoInput, "it is not UTF-8"),
    }
}

/// See shim.h.
#[no_mangle]
pub extern "C" fn cosign_rego_limit_memory(bytes: usize, exceeded: extern "C" fn()) {
    counted::limit(bytes, exceeded);
}

/// See shim.h.
///
/// # Safety
/// `sources` points to `count` sources; every text of a size above 0 points to as many bytes.
#[no_mangle]
pub unsafe extern "C" fn cosign_rego_evaluate(
    sources: *const Source,
    count: usize,
    query: Text,
    input: Text,
    tell: Tell,
    context: *mut c_void,
) {
    std::panic::set_hook(Box::new(|_| ()));
    let sources = if count == 0 { &[] } else { std::slice::from_raw_parts(sources, count) };
    let said = catch_unwind(AssertUnwindSafe(|| run(sources, query, input))).unwrap_or_else(|cause| {
        let text = cause.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| cause.downcast_ref::<&str>().copied());
        Said::new(Outcome::Panic, text.unwrap_or("no reason was given"))
    });
    let answer = Answer {
        outcome: said.outcome,
        line: said.line,
        name: Text::of(&said.name),
        message: Text::of(&said.message),
    };
    tell(context, &answer);
}
