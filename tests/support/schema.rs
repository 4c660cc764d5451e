//! The published schemas, held strictly: a key that no schema names is an error here, while a reader must allow for new ones.

use std::path::Path;

use boon::{Compiler, Schemas};
use serde_json::Value;

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema")
}

/// The names of the schemas, without those of parts.
pub fn names() -> Vec<String> {
    let files = std::fs::read_dir(folder()).unwrap();
    let names = files.map(|file| {
        let name = file.unwrap().file_name();
        name.to_str().unwrap().trim_end_matches(".json").to_owned()
    });
    names.filter(|name| name != "common").collect()
}

/// A schema as it is published.
pub fn read(name: &str) -> Value {
    let text = std::fs::read_to_string(folder().join(format!("{name}.json"))).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// Forbids what an object's schema does not name, but for parts that others are made of.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            map.values_mut().for_each(close);
            let is_object = map.contains_key("properties") || map.contains_key("allOf");
            let is_open = map.contains_key("additionalProperties") || map.contains_key("$comment");
            if is_object && !is_open {
                map.insert("unevaluatedProperties".to_owned(), Value::Bool(false));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

/// What is wrong with a document, if anything is.
pub fn fault(name: &str, document: &Value) -> Option<String> {
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    for name in [name, "common"] {
        let mut schema = read(name);
        close(&mut schema);
        // Without an address of its own it is known by the one given here.
        schema.as_object_mut().unwrap().remove("$id");
        let address = format!("file:///schema/{name}.json");
        compiler.add_resource(&address, schema).unwrap();
    }
    let address = format!("file:///schema/{name}.json");
    let schema = compiler.compile(&address, &mut schemas);
    let schema = schema.unwrap_or_else(|e| panic!("{name}: {e:#}"));
    let fault = schemas.validate(document, schema).err()?;
    Some(format!("not as docs/schema/{name}.json says: {fault:#}"))
}

#[track_caller]
pub fn assert_valid(name: &str, document: &Value) {
    let fault = fault(name, document);
    assert!(fault.is_none(), "{}\n{document:#}", fault.unwrap());
}
