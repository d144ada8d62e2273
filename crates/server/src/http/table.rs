//! The table of routes: one line a route, from which come the router and the description of the interface.

use std::sync::Arc;

use axum::Router;
use axum::handler::Handler;
use axum::routing::{get, post};
use domain::Rule;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::act;
use crate::desk::Receipt;
use crate::node::Node;

/// A parameter of a query.
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// What it means.
    pub about: &'static str,
}

/// Shorthand for a parameter.
pub const fn param(name: &'static str, about: &'static str) -> Param {
    Param { name, about }
}

/// Routes with their description.
pub struct Table {
    router: Router<Arc<Node>>,
    paths: Map<String, Value>,
    schemas: SchemaGenerator,
}

impl Table {
    /// An empty table.
    pub fn new() -> Self {
        let settings = SchemaSettings::draft2020_12().with(|s| {
            s.definitions_path = "/components/schemas".into();
            s.meta_schema = None;
        });
        Self { router: Router::new(), paths: Map::new(), schemas: settings.into_generator() }
    }

    /// An act. `path_id` is the act's field that the `{id}` of the path fills; empty where there is none.
    pub fn act<A>(&mut self, path: &'static str, path_id: &'static str)
    where
        A: Rule + DeserializeOwned + JsonSchema + Into<domain::Act> + Send + 'static,
    {
        self.act_answering::<A>(path, path_id, axum::http::StatusCode::OK);
    }

    /// An act that creates something: answered with 201.
    pub fn create<A>(&mut self, path: &'static str, path_id: &'static str)
    where
        A: Rule + DeserializeOwned + JsonSchema + Into<domain::Act> + Send + 'static,
    {
        self.act_answering::<A>(path, path_id, axum::http::StatusCode::CREATED);
    }

    fn act_answering<A>(&mut self, path: &'static str, path_id: &'static str, status: axum::http::StatusCode)
    where
        A: Rule + DeserializeOwned + JsonSchema + Into<domain::Act> + Send + 'static,
    {
        let handler = move |request: act::Request| act::perform::<A>(request, path_id, status);
        self.route(path, post(handler));
        let row = domain::authority::row_of(A::KIND);
        let mut operation = json!({
            "operationId": A::KIND.name(),
            "tags": [tag(path)],
            "summary": A::KIND.label(domain::types::Lang::En),
            "description": format!("{} (Plan {})", A::KIND.label(domain::types::Lang::Zh), row.clause),
            "parameters": path_parameters(path),
            "requestBody": {
                "required": true,
                "content": { "application/json": { "schema": self.body::<A>(path_id) } },
            },
            "responses": self.responses(status.as_str(), "Receipt", json!({})),
        });
        let receipt = self.schemas.subschema_for::<Receipt>();
        operation["responses"][status.as_str()]["content"]["application/json"]["schema"] = receipt.to_value();
        push(
            &mut operation["parameters"],
            json!({
                "name": "Idempotency-Key", "in": "header", "required": true,
                "description": "The same key with the same body gives the same answer for ever.",
                "schema": { "type": "string", "minLength": 1, "maxLength": crate::limits::KEY_CHARS },
            }),
        );
        self.describe(path, "post", operation);
    }

    /// The act's own fields, without the one that the path fills, with what every act may tell of itself.
    fn body<A: JsonSchema>(&mut self, path_id: &str) -> Value {
        let mut schema = A::json_schema(&mut self.schemas).to_value();
        if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
            required.retain(|name| name != path_id);
        }
        let told = domain::Told::json_schema(&mut self.schemas).to_value();
        if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
            properties.remove(path_id);
            for (name, of) in told["properties"].as_object().into_iter().flatten() {
                properties.insert(name.clone(), of.clone());
            }
        }
        schema
    }

    /// A read.
    pub fn read<T, H, M>(&mut self, path: &'static str, summary: &str, query: &[Param], handler: H)
    where
        T: JsonSchema,
        H: Handler<M, Arc<Node>>,
        M: 'static,
    {
        let schema = self.schemas.subschema_for::<T>().to_value();
        self.route(path, get(handler));
        let content = json!({ "application/json": { "schema": schema } });
        self.describe_read(path, "get", summary, query, content);
    }

    /// A question that needs a body, but changes nothing.
    pub fn ask<B, T, H, M>(&mut self, path: &'static str, summary: &str, handler: H)
    where
        B: JsonSchema,
        T: JsonSchema,
        H: Handler<M, Arc<Node>>,
        M: 'static,
    {
        let (body, schema) = (self.schemas.subschema_for::<B>(), self.schemas.subschema_for::<T>());
        self.route(path, post(handler));
        let operation = json!({
            "tags": [tag(path)],
            "summary": summary,
            "parameters": path_parameters(path),
            "requestBody": { "required": true, "content": { "application/json": { "schema": body.to_value() } } },
            "responses": self.responses("200", summary, json!({ "application/json": { "schema": schema.to_value() } })),
        });
        self.describe(path, "post", operation);
    }

    /// A read whose answer is no JSON: a document, a photo, a stream.
    pub fn read_bytes<H, M>(
        &mut self,
        path: &'static str,
        summary: &str,
        media: &str,
        query: &[Param],
        handler: H,
    ) where
        H: Handler<M, Arc<Node>>,
        M: 'static,
    {
        self.route(path, get(handler));
        let content = json!({ media: { "schema": { "type": "string", "format": "binary" } } });
        self.describe_read(path, "get", summary, query, content);
    }

    /// Any other method on a path, described by hand.
    pub fn other(
        &mut self,
        path: &'static str,
        method: &str,
        route: axum::routing::MethodRouter<Arc<Node>>,
        operation: Value,
    ) {
        self.route(path, route);
        let mut operation = operation;
        self.may_refuse(&mut operation);
        operation["tags"] = json!([tag(path)]);
        operation["parameters"] = path_parameters(path);
        self.describe(path, method, operation);
    }

    /// One more parameter of a route that is described already.
    pub fn query(&mut self, path: &'static str, method: &str, name: &str, about: &str) {
        let described =
            json!({ "name": name, "in": "query", "description": about, "schema": { "type": "string" } });
        push(&mut self.paths[&format!("/api/v1{path}")][method]["parameters"], described);
    }

    /// One more method of a path that `other` serves.
    pub fn describe_more(&mut self, path: &'static str, method: &str, operation: Value) {
        let mut operation = operation;
        self.may_refuse(&mut operation);
        operation["tags"] = json!([tag(path)]);
        self.describe(path, method, operation);
    }

    /// What is described by hand says what comes when all is well; a refusal is the same for all.
    fn may_refuse(&mut self, operation: &mut Value) {
        let refusal = self.responses("200", "done", json!({}));
        match operation.get_mut("responses") {
            Some(responses) => responses["default"] = refusal["default"].clone(),
            None => operation["responses"] = refusal,
        }
    }

    /// The schema of a type, for a description by hand.
    pub fn schema<T: JsonSchema>(&mut self) -> Value {
        self.schemas.subschema_for::<T>().to_value()
    }

    fn describe_read(&mut self, path: &str, method: &str, summary: &str, query: &[Param], content: Value) {
        let mut operation = json!({
            "tags": [tag(path)],
            "summary": summary,
            "parameters": path_parameters(path),
            "responses": self.responses("200", summary, content),
        });
        for p in query {
            let described = json!({ "name": p.name, "in": "query", "description": p.about, "schema": { "type": "string" } });
            push(&mut operation["parameters"], described);
        }
        self.describe(path, method, operation);
    }

    fn responses(&mut self, status: &str, about: &str, content: Value) -> Value {
        let problem = self.schemas.subschema_for::<crate::problem::ProblemDocument>().to_value();
        let mut responses = Map::new();
        responses.insert(status.to_owned(), json!({ "description": about, "content": content }));
        let content = json!({ "application/problem+json": { "schema": problem } });
        responses.insert(
            "default".to_owned(),
            json!({ "description": "what was refused, where, why, what to do", "content": content }),
        );
        Value::Object(responses)
    }

    fn route(&mut self, path: &str, route: axum::routing::MethodRouter<Arc<Node>>) {
        self.router = std::mem::take(&mut self.router).route(path, route);
    }

    fn describe(&mut self, path: &str, method: &str, operation: Value) {
        let entry = self.paths.entry(format!("/api/v1{path}")).or_insert_with(|| json!({}));
        entry[method] = operation;
    }

    /// The router.
    pub fn into_router(self) -> Router<Arc<Node>> {
        self.router
    }

    /// Paths and schemas of the description.
    pub fn into_description(mut self) -> (Map<String, Value>, Map<String, Value>) {
        (self.paths, self.schemas.take_definitions(true))
    }
}

impl Default for Table {
    fn default() -> Self {
        Self::new()
    }
}

/// The first word of a path: the part it belongs to.
fn tag(path: &str) -> &str {
    path.trim_start_matches('/').split('/').next().unwrap_or("")
}

fn path_parameters(path: &str) -> Value {
    let names = path.split('/').filter_map(|p| p.strip_prefix('{').and_then(|p| p.split('}').next()));
    names
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect()
}

fn push(list: &mut Value, item: Value) {
    if let Some(list) = list.as_array_mut() {
        list.push(item);
    }
}
