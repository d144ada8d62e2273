//! Datum conversion at the edge: what is stored is WGS-84.
//!
//! GCJ-02 has no published inverse: it is found by iteration to less than 1e-7 degrees (about 1 cm).

use std::f64::consts::PI;

use super::{Datum, Point};

/// The semi-major axis that GCJ-02 is computed with (Krasovsky 1940), metres.
const AXIS_M: f64 = 6_378_245.0;
/// Its squared eccentricity.
const ECCENTRICITY2: f64 = 0.006_693_421_622_965_943;
/// Rounds of the inverse; each gains about three digits, ten is far more than needed.
const ROUNDS_MAX: usize = 10;

/// Converts a point from `datum` to WGS-84.
pub fn to_wgs84(point: Point, datum: Datum) -> Point {
    match datum {
        Datum::Wgs84 | Datum::Cgcs2000 => point,
        Datum::Gcj02 => gcj02_to_wgs84(point),
        Datum::Bd09 => gcj02_to_wgs84(bd09_to_gcj02(point)),
    }
}

/// Converts a WGS-84 point to GCJ-02, for a link that opens a Chinese map app.
pub fn wgs84_to_gcj02(p: Point) -> Point {
    if outside_china(p) {
        return p;
    }
    let (x, y) = (p.lon - 105.0, p.lat - 35.0);
    let rad = p.lat.to_radians();
    let magic = 1.0 - ECCENTRICITY2 * rad.sin() * rad.sin();
    let root = magic.sqrt();
    let dlat = shift_lat(x, y) * 180.0 / ((AXIS_M * (1.0 - ECCENTRICITY2)) / (magic * root) * PI);
    let dlon = shift_lon(x, y) * 180.0 / (AXIS_M / root * rad.cos() * PI);
    Point { lon: p.lon + dlon, lat: p.lat + dlat }
}

fn gcj02_to_wgs84(gcj: Point) -> Point {
    let mut guess = gcj;
    for _ in 0..ROUNDS_MAX {
        let there = wgs84_to_gcj02(guess);
        let (dlon, dlat) = (there.lon - gcj.lon, there.lat - gcj.lat);
        guess = Point { lon: guess.lon - dlon, lat: guess.lat - dlat };
        if dlon.abs() < 1e-9 && dlat.abs() < 1e-9 {
            break;
        }
    }
    guess
}

fn bd09_to_gcj02(bd: Point) -> Point {
    let (x, y) = (bd.lon - 0.0065, bd.lat - 0.006);
    let turns = PI * 3000.0 / 180.0;
    let radius = x.hypot(y) - 0.00002 * (y * turns).sin();
    let theta = y.atan2(x) - 0.000_003 * (x * turns).cos();
    Point { lon: radius * theta.cos(), lat: radius * theta.sin() }
}

fn outside_china(p: Point) -> bool {
    !(72.004..=137.8347).contains(&p.lon) || !(0.8293..=55.8271).contains(&p.lat)
}

fn shift_lat(x: f64, y: f64) -> f64 {
    let mut s = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * x.abs().sqrt();
    s += (20.0 * (6.0 * x * PI).sin() + 20.0 * (2.0 * x * PI).sin()) * 2.0 / 3.0;
    s += (20.0 * (y * PI).sin() + 40.0 * (y / 3.0 * PI).sin()) * 2.0 / 3.0;
    s + (160.0 * (y / 12.0 * PI).sin() + 320.0 * (y * PI / 30.0).sin()) * 2.0 / 3.0
}

fn shift_lon(x: f64, y: f64) -> f64 {
    let mut s = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * x.abs().sqrt();
    s += (20.0 * (6.0 * x * PI).sin() + 20.0 * (2.0 * x * PI).sin()) * 2.0 / 3.0;
    s += (20.0 * (x * PI).sin() + 40.0 * (x / 3.0 * PI).sin()) * 2.0 / 3.0;
    s + (150.0 * (x / 12.0 * PI).sin() + 300.0 * (x / 30.0 * PI).sin()) * 2.0 / 3.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Vectors: a second implementation (npm gcoord 1.0.7), at places of Rongcheng and at the ends of the country.
    #[test]
    fn a_point_from_a_phone_map_lands_where_it_was_meant() {
        let cases = [
            ([122.4866, 37.1652], [122.491_421_37, 37.165_954_94], [122.497_894_36, 37.171_976_58]),
            ([122.701, 37.392], [122.705_824_03, 37.392_792_48], [122.712_419_16, 37.398_437_73]),
            ([87.6168, 43.8256], [87.619_649_95, 43.826_805_39], [87.626_099_77, 43.832_949_79]),
            ([112.33, 16.83], [112.334_895_81, 16.828_351_98], [112.341_379_62, 16.834_594_53]),
        ];
        for (wgs, gcj, bd) in cases {
            let (wgs, gcj, bd) = (Point::from(wgs), Point::from(gcj), Point::from(bd));
            let forward = wgs84_to_gcj02(wgs);
            assert!((forward.lon - gcj.lon).abs() < 1e-7 && (forward.lat - gcj.lat).abs() < 1e-7);
            for back in [to_wgs84(gcj, Datum::Gcj02), to_wgs84(bd, Datum::Bd09)] {
                assert!((back.lon - wgs.lon).abs() < 1e-6 && (back.lat - wgs.lat).abs() < 1e-6, "{back:?}");
            }
        }
    }
}
