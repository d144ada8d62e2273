//! Texts from outside are hostile until parsed: every reader of the domain takes arbitrary input without a panic, and
//! what it accepts, it writes back as it was.

use std::str::FromStr as _;

use domain::act::Stream;
use domain::command_post::Delegate;
use domain::types::{ForceId, IncidentId, OrgId, PlaceGiven, Point, Time};
use domain::{Event, types};
use proptest::prelude::*;

/// JSON of any shape.
fn any_json() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::Value;
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        "[0-9A-Z]{26}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        let keys = prop_oneof![
            "[a-z_]{1,10}",
            prop::sample::select(vec![
                "plan", "order", "by", "at", "tasks", "due", "force", "personal", "open"
            ])
            .prop_map(ToOwned::to_owned),
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(keys, inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// A text near the ones that are expected, or any.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,40}",
        "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,12}(Z|[+-][0-9:]{2,6})?",
        "[0-9A-HJKMNP-TV-Z]{24,28}",
        "incident/[0-9A-Z]{24,28}",
        "(jurisdiction|ledger|duty|composition)/?",
        "[A-Za-z0-9._-]{0,70}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Of `types::time::parse` and of what serde reads: the same.
    #[test]
    fn a_time_is_read_or_refused(text in any_text()) {
        if let Some(time) = Time::parse(&text) {
            prop_assert_eq!(Time::parse(&time.to_string()), Some(time), "{}", text);
        }
        let quoted = serde_json::to_string(&text).expect("a text");
        prop_assert_eq!(serde_json::from_str::<Time>(&quoted).ok(), Time::parse(&text));
    }

    #[test]
    fn an_id_is_read_or_refused(text in any_text()) {
        if let Ok(id) = IncidentId::from_str(&text) {
            prop_assert_eq!(IncidentId::from_str(&id.to_string()), Ok(id));
            prop_assert_eq!(&id.to_string(), &text, "no two texts name one thing");
        }
        if let Ok(id) = ForceId::from_str(&text) {
            prop_assert_eq!(id.as_str(), text.as_str());
            prop_assert!((1..=64).contains(&text.len()));
        }
        let (org, delegate) = (OrgId::from_str(&text).is_ok(), Delegate::from_str(&text));
        prop_assert_eq!(org, delegate.is_ok());
        if let Ok(delegate) = delegate {
            prop_assert_eq!(delegate.to_string(), text);
        }
    }

    #[test]
    fn a_stream_is_read_or_refused(text in any_text()) {
        if let Ok(stream) = Stream::from_str(&text) {
            prop_assert_eq!(Stream::from_str(&stream.to_string()).ok(), Some(stream));
        }
    }

    #[test]
    fn an_entry_of_any_kind_and_shape_is_read_or_refused(
        kind in prop_oneof![any_text(), prop::sample::select(Event::kinds().map(|(k, _)| k.to_owned()).collect::<Vec<_>>())],
        version in prop_oneof![Just(1_u32), 0..4_u32, any::<u32>()],
        data in any_json(),
        broken in any_text(),
    ) {
        for data in [data.to_string(), broken] {
            if let Ok(event) = Event::decode(&kind, version, &data) {
                prop_assert_eq!(event.kind(), kind.as_str());
                let again = Event::decode(&kind, event.version(), &event.encode()).expect("what was written is read");
                prop_assert_eq!(again.encode(), event.encode());
            }
        }
    }

    /// What a recorded entry becomes when somebody edits one value of it: read or refused, never a panic.
    #[test]
    fn a_recorded_entry_with_one_value_changed_is_read_or_refused(at in any::<prop::sample::Index>(), field in any::<prop::sample::Index>(), value in any_json()) {
        let mut town = domain::testing::Town::rongcheng("08:00");
        let fire = town.oil_depot_burns();
        town.ordered(fire, &["huagong"]);
        let event = &town.journal[at.index(town.journal.len())].event;
        let mut data: serde_json::Value = serde_json::from_str(&event.encode()).expect("JSON");
        let fields: Vec<String> = data.as_object().expect("an object").keys().cloned().collect();
        data[&fields[field.index(fields.len())]] = value;
        if let Ok(read) = Event::decode(event.kind(), event.version(), &data.to_string()) {
            prop_assert_eq!(read.kind(), event.kind());
        }
    }

    #[test]
    fn a_text_that_somebody_types_is_kept_or_refused(text in any_text()) {
        for kept in [types::text::line("/text", &text), types::text::prose("/text", &text)].into_iter().flatten() {
            prop_assert_eq!(kept.as_str(), text.trim());
        }
    }

    #[test]
    fn a_place_at_any_coordinates_is_found_or_refused(lon in any::<f64>(), lat in any::<f64>(), near in prop::bool::ANY) {
        let (lon, lat) = if near { (120.0 + lon % 5.0, 35.0 + lat % 5.0) } else { (lon, lat) };
        let state = domain::testing::rongcheng();
        for datum in ["wgs84", "gcj02", "bd09", "cgcs2000"] {
            let datum = serde_json::from_value(datum.into()).expect("a datum");
            let given = PlaceGiven { text: "浓烟".to_owned(), point: Some(Point { lon, lat }), datum, ..PlaceGiven::default() };
            if let Ok(place) = state.jurisdiction.resolve_place(&given) {
                prop_assert!(place.point.is_some_and(Point::is_valid), "{:?}", place);
            }
        }
    }
}
