//! Places: WGS-84 points, with how they were come by.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{PlaceId, datum};
use crate::refusal::{FieldFault, Refusal};

/// A WGS-84 point, written `[lon, lat]` in degrees (GeoJSON order, RFC 7946).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(from = "[f64; 2]", into = "[f64; 2]")]
pub struct Point {
    /// Degrees east.
    pub lon: f64,
    /// Degrees north.
    pub lat: f64,
}

impl From<[f64; 2]> for Point {
    fn from([lon, lat]: [f64; 2]) -> Self {
        Self { lon, lat }
    }
}

impl From<Point> for [f64; 2] {
    fn from(p: Point) -> Self {
        [p.lon, p.lat]
    }
}

impl Point {
    /// Great-circle distance in whole metres (haversine on the mean radius, 6 371 008.8 m).
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 20 015 115 m")]
    pub fn distance_m(self, other: Point) -> u32 {
        let (a, b) = (self.lat.to_radians(), other.lat.to_radians());
        let (dlat, dlon) = (b - a, (other.lon - self.lon).to_radians());
        let h = (dlat / 2.0).sin().powi(2) + a.cos() * b.cos() * (dlon / 2.0).sin().powi(2);
        (2.0 * 6_371_008.8 * h.sqrt().min(1.0).asin()).round() as u32
    }

    /// Is it a point on earth at all?
    pub fn is_valid(self) -> bool {
        self.lon.is_finite() && self.lat.is_finite() && self.lon.abs() <= 180.0 && self.lat.abs() <= 90.0
    }
}

/// The datum that a point was given in. Asked for at the edge, never guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Datum {
    /// GPS; what is stored.
    #[default]
    Wgs84,
    /// 国家大地坐标系; equal to WGS-84 within centimetres.
    Cgcs2000,
    /// 高德、腾讯 maps: about 450 m off at Rongcheng.
    Gcj02,
    /// 百度 maps.
    Bd09,
}

/// How well a place is known; shown wherever it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlaceQuality {
    /// A surveyed or reported position.
    Exact,
    /// Clicked on the map.
    Map,
    /// A named place of the gazetteer.
    Place,
    /// Only the town is known: its seat stands for it.
    TownSeat,
}

/// Where something is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// As told or written: 石岛港区油库三号罐.
    pub text: String,
    /// WGS-84; `None` where nobody knows yet.
    pub point: Option<Point>,
    /// Nine-digit code of the town.
    pub town: Option<String>,
    /// How the point was come by.
    pub quality: PlaceQuality,
}

/// A place as an act gives it; resolved against the gazetteer, converted from its datum.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceGiven {
    /// As told or written.
    pub text: String,
    /// `[lon, lat]` in the datum named beside it.
    #[serde(default)]
    pub point: Option<Point>,
    /// The datum of `point`; WGS-84 where absent.
    #[serde(default)]
    pub datum: Datum,
    /// Nine-digit code of the town.
    #[serde(default)]
    pub town: Option<String>,
    /// A place of the gazetteer.
    #[serde(default)]
    pub place: Option<PlaceId>,
}

impl PlaceGiven {
    /// The point in WGS-84, refused where it is none.
    pub fn wgs84(&self) -> Result<Option<Point>, Refusal> {
        let Some(point) = self.point else { return Ok(None) };
        if !point.is_valid() {
            return Err(Refusal::field("/place/point", FieldFault::NotAPoint));
        }
        Ok(Some(datum::to_wgs84(point, self.datum)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shidao_is_thirty_odd_kilometres_from_yatou_as_the_crow_flies() {
        let yatou = Point { lon: 122.47, lat: 37.16 };
        let shidao = Point { lon: 122.42, lat: 36.88 };
        assert!((31_000..32_000).contains(&yatou.distance_m(shidao)), "{}", yatou.distance_m(shidao));
        assert_eq!(yatou.distance_m(yatou), 0);
    }
}
