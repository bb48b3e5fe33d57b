//! Discovery of layouts.

use serde_json::{Map, Value as Json, json};

use super::{ALL, Definition, Places, style};
use crate::effect::{Parameter, described, property};

/// Every layout, as `GET /compose/layouts` lists them.
pub fn definitions() -> Json {
    ALL.iter().map(|layout| definition(layout)).collect()
}

fn definition(of: &Definition) -> Json {
    let all = || of.parameters.iter().chain(&style::PARAMETERS);
    let listed =
        |each: fn(&Parameter) -> Json| all().map(|one| (one.name.to_owned(), each(one))).collect::<Map<_, _>>();
    let (mut parameters, mut properties) = (listed(described), listed(property));
    let mut required = Vec::new();
    if matches!(of.places, Places::Given) {
        required.push("rectangles");
        let told = "One for each clip, in their order";
        parameters.insert("rectangles".to_owned(), json!({"type": "list", "description": told, "required": true}));
        properties.insert("rectangles".to_owned(), rectangles(told));
    }
    let example: Json = serde_json::from_str(of.example).unwrap_or_default();
    let [least, most] = of.clips;
    json!({
        "layout": of.name,
        "display_name": of.display_name,
        "description": of.description,
        "ai_hint": of.ai_hint,
        "clips": {"min": least, "max": most},
        "parameters": parameters,
        "schema": {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": of.display_name,
            "description": of.description,
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        },
        "example": {"params": example},
    })
}

fn rectangles(told: &str) -> Json {
    let number = json!({"type": ["number", "string"]});
    let fields = ["x", "y", "width", "height"];
    let properties: Map<String, Json> = fields.map(|name| (name.to_owned(), number.clone())).into_iter().collect();
    let item = json!({"type": "object", "properties": properties, "required": fields, "additionalProperties": false});
    json!({"type": "array", "items": item, "minItems": 1, "maxItems": 16, "description": told})
}
