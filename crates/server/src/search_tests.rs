use std::sync::Arc;
use std::time::Instant;

use domain::types::Time;
use proptest::prelude::*;

use super::*;
use crate::seed;

fn rongcheng() -> State {
    let act = seed::load(&seed::Source::Shipped, Time(1_795_500_000_000)).unwrap();
    let mut state = State { jurisdiction: Arc::new(act.jurisdiction), ..State::default() };
    for force in act.forces {
        state.ledger.forces.insert(force.id.clone(), Arc::new(force));
    }
    for org in act.orgs {
        state.org.orgs.insert(org.id.clone(), Arc::new(org));
    }
    state
}

fn names(index: &Index, asked: &str) -> Vec<String> {
    index.find(asked, None, 10).into_iter().map(|h| h.name).collect()
}

/// Plan 4.3.1: two keys find the place: 石岛 first, its oil depot beside it.
#[test]
fn sd_is_shidao_and_then_its_oil_depot() {
    let index = Index::build(&rongcheng());
    let found = names(&index, "sd");
    assert_eq!(found[0], "石岛");
    assert!(found[..4].contains(&"石岛油库".to_owned()), "{found:?}");
    for asked in ["石岛", "shidao", "shi dao", "ＳＤ", "SD", "ShiDao", "石d", "sh d", "石 岛"] {
        assert_eq!(names(&index, asked)[0], "石岛", "{asked}");
    }
    for asked in ["sd油库", "石岛yk", "sdyk", "shidaoyouku", "石岛成品油库", "sdyouk", "石岛 油库", "sd cpyk"]
    {
        assert_eq!(names(&index, asked)[0], "石岛油库", "{asked}");
    }
    assert_eq!(index.find("石岛成品油库", None, 1)[0].detail.as_deref(), Some("石岛成品油库"));
}

#[test]
fn towns_come_before_villages_and_whole_names_before_beginnings() {
    let index = Index::build(&rongcheng());
    let ningjin = index.find("ningjin", None, 20);
    assert_eq!((ningjin[0].kind, ningjin[0].name.as_str()), ("town", "宁津街道"));
    assert!(ningjin.iter().skip(1).all(|h| h.kind != "town"));
    let village = &index.find("渠隔", None, 5)[0];
    assert_eq!((village.kind, village.town.as_ref().unwrap().name.as_str()), ("village", "宁津街道"));
    assert_eq!(village.quality, Some(PlaceQuality::TownSeat), "a village has only its town's seat");
    assert_eq!(index.find("石岛 医院", Some("place"), 1)[0].name, "荣成市石岛人民医院");
}

/// 崖头 is read ya tou here; names with rare characters or several readings are found by each of them.
#[test]
fn local_rare_and_several_readings_find_a_name() {
    let index = Index::build(&rongcheng());
    for asked in ["yatou", "yt", "崖头"] {
        assert_eq!(names(&index, asked)[0], "崖头街道", "{asked}");
    }
    let mut state = State::default();
    let place = |id: &str, name: &str| GazetteerPlace {
        id: id.parse().unwrap(),
        name: name.into(),
        kind: "road".into(),
        town: None,
        point: Point { lon: 122.4, lat: 37.1 },
        approximate: false,
        rank: 3,
        pinyin: String::new(),
        aliases: vec![],
    };
    Arc::make_mut(&mut state.jurisdiction).places =
        vec![place("a", "㛃石沟桥"), place("b", "𠮷祥路"), place("c", "重庆路"), place("d", "旅游路")];
    let index = Index::build(&state);
    let cases = [
        ("jieshigou", "㛃石沟桥"),
        ("jixiang", "𠮷祥路"),
        ("zql", "重庆路"),
        ("chongqing", "重庆路"),
        ("lvyou", "旅游路"),
        ("lüyou", "旅游路"),
    ];
    for (asked, name) in cases {
        assert_eq!(names(&index, asked), [name], "{asked}");
    }
}

#[test]
fn kinds_narrow_the_answer() {
    let index = Index::build(&rongcheng());
    let forces = index.find("石岛", Some("force"), 20);
    assert!(!forces.is_empty() && forces.iter().all(|h| h.kind == "force"));
    assert_eq!(index.find("石岛站", Some("force, org"), 1)[0].id, "force-002");
    assert_eq!(index.find("崖头01", None, 1)[0].id, "force-001", "by call sign");
    assert_eq!(index.find("gongan", Some("org"), 1)[0].name, "市公安局");
    assert_eq!(index.find("石岛", Some(""), 1)[0].name, "石岛");
    assert_eq!(index.find("石岛", Some("nothing"), 20), []);
    for asked in ["", "  ", "没有这个地方", "vv%_'\"\\", "。"] {
        assert_eq!(index.find(asked, None, 20), [], "{asked}");
    }
    assert_eq!(index.find("石岛", None, 0), []);
    assert_eq!(index.find("s", None, 3).len(), 3);
}

thread_local! {
    static SHARED: (State, Index) = {
        let state = rongcheng();
        let index = Index::build(&state);
        (state, index)
    };
}

proptest! {
    #[test]
    fn any_query_gives_an_answer(asked in any::<String>(), limit in 0_usize..30) {
        let found = SHARED.with(|(_, index)| index.find(&asked, None, limit));
        prop_assert!(found.len() <= limit);
    }

    /// Long runs of letters lead through no more steps than there are letters and characters.
    #[test]
    fn letters_of_any_length_give_an_answer(asked in "[a-zāüv0-9石岛 ]{0,80}") {
        SHARED.with(|(_, index)| index.find(&asked, None, 10));
    }

    #[test]
    fn a_name_is_found_by_any_part_of_it(
        n in any::<prop::sample::Index>(),
        from in any::<prop::sample::Index>(),
        to in any::<prop::sample::Index>(),
    ) {
        let (part, name, found) = SHARED.with(|(state, index)| {
            let place = n.get(&state.jurisdiction.places);
            let chars: Vec<char> = place.name.chars().filter(|c| c.is_alphanumeric()).collect();
            let (a, b) = (from.index(chars.len()), to.index(chars.len()));
            let part: String = chars[a.min(b)..=a.max(b)].iter().collect();
            let found = index.find(&part, None, usize::MAX);
            let found = found.iter().any(|h| h.id == place.id.to_string());
            (part, place.name.clone(), found)
        });
        prop_assert!(found, "{} in {}", part, name);
    }
}

/// A build without optimisation only has to show that the work stays bounded.
const SLOWER: u32 = if cfg!(debug_assertions) { 40 } else { 1 };

/// 100,000 names answer within a blink: `cargo test --release -p muster-server search -- --nocapture`
#[test]
fn a_hundred_thousand_names_answer_within_fifty_milliseconds() {
    let mut state = rongcheng();
    let start = Instant::now();
    let small = Index::build(&state);
    println!("build of {}: {:?}", small.entries.len(), start.elapsed());
    assert!(start.elapsed().as_millis() < u128::from(300 * SLOWER));
    let known = state.jurisdiction.places.clone();
    let more = (0..100_000).map(|n| {
        let mut place = known[n % known.len()].clone();
        place.id = format!("more-{n}").parse().unwrap();
        place
    });
    Arc::make_mut(&mut state.jurisdiction).places = more.collect();
    let start = Instant::now();
    let large = Index::build(&state);
    println!("build of {}: {:?}", large.entries.len(), start.elapsed());
    for (index, limit_ms) in [(&small, 1.0), (&large, 50.0)] {
        for asked in ["s", "sd", "shidao", "石岛油库", "cun", "sdyk", "qqqq", "shi dao", "石岛 医院"]
        {
            let start = Instant::now();
            let hits = index.find(asked, None, 12).len();
            let took_ms = start.elapsed().as_secs_f64() * 1000.0;
            println!("{asked}: {hits} hits of {} in {took_ms:.3} ms", index.entries.len());
            assert!(took_ms < limit_ms * f64::from(SLOWER), "{asked}: {took_ms} ms");
        }
    }
}
