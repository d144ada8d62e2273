//! Problem documents (RFC 9457): what was refused, where, why, what to do, in the language asked for.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::types::{Lang, Text};
use domain::{ActKind, Refusal};
use schemars::JsonSchema;
use serde::Serialize;

use crate::desk::ActError;
use crate::session::Second;
use crate::tls::DeskFault;
use crate::view::InsteadView;

/// The media type of a problem document.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// One field that is refused.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FieldProblem {
    /// JSON pointer to it.
    pub pointer: Text,
    /// What is wrong.
    pub detail: Text,
}

/// The body of a problem.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ProblemDocument {
    /// `urn:muster:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: Text,
    /// In a few words.
    pub title: Text,
    /// What was refused, why, what to do.
    pub detail: Text,
    /// HTTP status.
    pub status: u16,
    /// Stable code for clients.
    pub code: Text,
    /// The clause that forbids it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clause: Option<Text>,
    /// Lawful next keys.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub instead: Vec<InsteadView>,
    /// Fields that are refused.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub errors: Vec<FieldProblem>,
}

/// A problem on its way out.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    body: Box<ProblemDocument>,
    retry_after_s: Option<u64>,
}

/// What is wrong with a form before any rule is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// No such field.
    UnknownField,
    /// A field is missing.
    MissingField,
    /// A value has the wrong shape.
    Shape(Text),
    /// The id stands in the path, not in the body.
    InPath,
    /// The header `Idempotency-Key` is missing or too long.
    KeyMissing,
    /// Not `epoch.seq`.
    NotAPosition,
    /// Not a time.
    NotATime,
    /// Not a place on earth.
    NotAPlace,
    /// Not a capability of the jurisdiction.
    NotACapability,
    /// The attachment is larger than the limit.
    FileTooLarge,
    /// Attachments of this type are not kept.
    FileType,
    /// No file came with the request.
    FileMissing,
    /// Which incident the file belongs to was not said.
    IncidentMissing,
    /// No browser's subscription, or of a push service that the settings do not name.
    Subscription,
}

impl Form {
    fn detail(&self, lang: Lang) -> Text {
        match self {
            Self::UnknownField => lang.pick("没有这个字段，请检查拼写", "no such field: check its spelling").to_owned(),
            Self::MissingField => lang.pick("缺少此字段", "this field is missing").to_owned(),
            Self::Shape(why) => format!("{}{why}", lang.pick("格式不对：", "wrong form: ")),
            Self::InPath => lang.pick("编号已在路径中，请勿再填", "the id stands in the path already").to_owned(),
            Self::KeyMissing => lang
                .pick("请带 Idempotency-Key（1 至 64 个字符），同一操作重发时不变", "give an Idempotency-Key of 1 to 64 characters, the same on each retry")
                .to_owned(),
            Self::NotAPosition => lang.pick("应为 epoch.seq", "`epoch.seq` is expected").to_owned(),
            Self::NotATime => lang
                .pick("应为带时区的时间，如 2026-11-24T08:30:00+08:00", "a time with offset is expected, such as 2026-11-24T08:30:00+08:00")
                .to_owned(),
            Self::NotAPlace => lang
                .pick("应为“经度,纬度”，如 122.42,36.90", "`lon,lat` in degrees is expected, such as 122.42,36.90")
                .to_owned(),
            Self::NotACapability => lang
                .pick("没有这种救援能力，请按能力代码表填写", "no such capability: use a code of the jurisdiction's list")
                .to_owned(),
            Self::FileTooLarge => {
                let most = crate::limits::FILE_BYTES >> 20;
                let zh = format!("附件超过 {most} MB，请压缩后再传");
                if lang == Lang::Zh { zh } else { format!("the file is larger than {most} MB: make it smaller") }
            }
            Self::FileType => lang
                .pick("不收这种类型的附件，请传照片、录音、短视频、PDF 或文本", "files of this type are not kept: send a photo, a recording, a short film, a PDF or a text")
                .to_owned(),
            Self::FileMissing => lang.pick("没有收到文件", "no file came with the request").to_owned(),
            Self::Subscription => lang
                .pick(
                    "不是浏览器推送订阅，或其推送服务不在本节点设置之列",
                    "no browser's subscription, or of a push service that this node's settings do not name",
                )
                .to_owned(),
            Self::IncidentMissing => {
                lang.pick("请说明附件属于哪起警情（?incident=）", "say which incident the file belongs to (?incident=)").to_owned()
            }
        }
    }
}

impl Problem {
    /// A problem with a code of the interface.
    pub fn new(status: StatusCode, code: &str, title: &str, detail: impl Into<Text>) -> Self {
        let body = ProblemDocument {
            kind: format!("urn:muster:problem:{code}"),
            title: title.to_owned(),
            detail: detail.into(),
            status: status.as_u16(),
            code: code.to_owned(),
            clause: None,
            instead: Vec::new(),
            errors: Vec::new(),
        };
        Self { status, body: Box::new(body), retry_after_s: None }
    }

    /// When the client may come again.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    /// Its status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The domain's no.
    pub fn refused(refusal: &Refusal, lang: Lang) -> Self {
        let status = match refusal {
            Refusal::NotFound { .. } => StatusCode::NOT_FOUND,
            Refusal::Field { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Refusal::NotPermitted { .. }
            | Refusal::NotYours { .. }
            | Refusal::NotInCommand { .. }
            | Refusal::ApprovalNeeded { .. }
            | Refusal::OtherBasis { .. }
            | Refusal::NotASigner { .. } => StatusCode::FORBIDDEN,
            Refusal::OnBehalfMissing { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            _ => StatusCode::CONFLICT,
        };
        let text = refusal.text(lang);
        let mut problem = Self::new(status, refusal.code(), lang.pick("不能办理", "refused"), text.clone());
        problem.body.clause = refusal.clause().map(ToOwned::to_owned);
        problem.body.instead = refusal
            .instead()
            .into_iter()
            .map(|i| InsteadView { act: i.0, text: i.0.label(lang).to_owned() })
            .collect();
        match refusal {
            Refusal::Field { pointer, .. } => {
                problem.body.errors.push(FieldProblem { pointer: pointer.clone(), detail: text });
            }
            Refusal::OnBehalfMissing { .. } => {
                problem.body.errors.push(FieldProblem { pointer: "/on_behalf_of".to_owned(), detail: text });
            }
            _ => {}
        }
        problem
    }

    /// The desk's no.
    pub fn act(error: ActError, lang: Lang) -> Self {
        match error {
            ActError::Refused(refusal) => Self::refused(&refusal, lang),
            ActError::KeyReused => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "key_reused",
                lang.pick("请求编号重复", "key used before"),
                lang.pick(
                    "这个 Idempotency-Key 已用于另一个请求，本次未执行；请换新编号",
                    "this Idempotency-Key was used for another request; nothing was done: take a new one",
                ),
            ),
            ActError::Busy => Self::busy(lang),
            ActError::Unavailable | ActError::NotRecorded => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "not_recorded",
                lang.pick("暂不能记录", "not recorded"),
                lang.pick(
                    "本次操作未记录；请用同一编号稍后重发",
                    "nothing was recorded: send it again with the same key",
                ),
            )
            .retry_after(2),
            ActError::Erased => Self::new(
                StatusCode::GONE,
                "erased",
                lang.pick("内容已销毁", "erased"),
                lang.pick(
                    "这起警情的个人信息和文字已按规定销毁，不能再补录；请另行书面留存",
                    "the personal data and texts of this incident were erased: nothing can be added; keep it in writing elsewhere",
                ),
            ),
            ActError::Fault(fault) => {
                tracing::error!(error = %fault, "an act failed inside the node");
                Self::internal(lang)
            }
        }
    }

    /// Too many acts wait.
    pub fn busy(lang: Lang) -> Self {
        let title = lang.pick("请稍候", "busy");
        let detail = lang.pick(
            "排队的操作过多，本次未执行；请用同一编号重发",
            "too many acts wait; nothing was done: send it again with the same key",
        );
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", title, detail).retry_after(1)
    }

    /// A fault of the node; what it was stands in the log.
    pub fn internal(lang: Lang) -> Self {
        let title = lang.pick("系统故障", "fault");
        let detail = lang.pick(
            "系统内部出错，已记入日志；请重试，仍不行请打电话",
            "the node failed, and its log says why: try again, else telephone",
        );
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "fault", title, detail)
    }

    /// Logs a fault once and hides its detail from the client.
    pub fn fault<T, E: std::fmt::Display>(lang: Lang, result: Result<T, E>) -> Result<T, Self> {
        result.map_err(|error| {
            tracing::error!(%error, "a request failed inside the node");
            Self::internal(lang)
        })
    }

    /// Nobody is signed in.
    pub fn not_signed_in(lang: Lang) -> Self {
        let title = lang.pick("请先登录", "sign in first");
        let detail =
            lang.pick("登录已失效或尚未登录，请重新登录", "the session is over, or there was none: sign in");
        Self::new(StatusCode::UNAUTHORIZED, "not_signed_in", title, detail)
    }

    /// No push channel is open here.
    pub fn no_push(lang: Lang) -> Self {
        let title = lang.pick("未开通网页推送", "no web push here");
        let detail = lang.pick(
            "本节点没有网页推送通道，请用短信或电话；管理员可在设置中开通",
            "this node has no push channel: use SMS or the telephone; its settings can open one",
        );
        Self::new(StatusCode::CONFLICT, "no_push", title, detail)
    }

    /// This session's browser takes no messages.
    pub fn no_browser(lang: Lang) -> Self {
        let title = lang.pick("本机未开通推送", "no messages here");
        let detail =
            lang.pick("请先在本页允许推送", "this session's browser takes no messages: allow them first");
        Self::new(StatusCode::CONFLICT, "no_browser", title, detail)
    }

    /// This session may not see it.
    pub fn not_for_you(lang: Lang) -> Self {
        let title = lang.pick("无权查看", "not for you");
        let detail = lang.pick("本账号无权查看此内容", "this account may not see this");
        Self::new(StatusCode::FORBIDDEN, "not_for_you", title, detail)
    }

    /// A wrong user name or password; which of the two is not told.
    pub fn wrong_password(lang: Lang) -> Self {
        let title = lang.pick("登录失败", "not signed in");
        let detail =
            lang.pick("账号或密码不对，请重新输入", "the user name or the password is wrong: try again");
        Self::new(StatusCode::UNAUTHORIZED, "wrong_password", title, detail)
    }

    /// The password was right, and the second factor is missing or wrong.
    pub fn second_factor(lang: Lang, second: Second) -> Self {
        let title = lang.pick("需要验证码", "second factor");
        let (status, code, detail) = match second {
            Second::Passed(_) | Second::Needed => (
                StatusCode::UNAUTHORIZED,
                "code_needed",
                lang.pick("请输入手机上的 6 位验证码，或一个恢复码", "type the six digits that your phone shows, or a recovery code"),
            ),
            Second::Wrong => (
                StatusCode::UNAUTHORIZED,
                "wrong_code",
                lang.pick(
                    "验证码不对或已用过，请等手机上出现下一个再输入；一直不对，请核对手机时间",
                    "this code is wrong or was used: wait for the next one; if it is never right, check the phone's clock",
                ),
            ),
            Second::TooMany { .. } => (
                StatusCode::TOO_MANY_REQUESTS,
                "too_many_codes",
                lang.pick("验证码试得太多，请等下一个验证码（半分钟内）", "too many codes were tried: wait for the next one, half a minute at most"),
            ),
            Second::Missing => (
                StatusCode::FORBIDDEN,
                "second_factor_missing",
                lang.pick(
                    "本岗位登录须有第二重验证，此账号尚未登记；请系统管理员登记（muster totp enrol）",
                    "this position signs in with a second factor, and the account has none yet: the operator enrols it (muster totp enrol)",
                ),
            ),
        };
        let problem = Self::new(status, code, title, detail);
        match second {
            Second::TooMany { wait_s } => problem.retry_after(wait_s),
            _ => problem,
        }
    }

    /// The desk's certificate is missing, another's, or not good any more.
    pub fn desk_certificate(lang: Lang, why: DeskFault) -> Self {
        let (code, detail) = match why {
            DeskFault::NoneBound => (
                "desk_certificate_none",
                lang.pick(
                    "本岗位只能在有席位证书的电脑上登录，此账号还没有绑定证书；请系统管理员绑定（muster desk-cert bind）",
                    "this position signs in from a desk with a certificate only, and the account has none yet: the operator binds one (muster desk-cert bind)",
                ),
            ),
            DeskFault::NotShown => (
                "desk_certificate_not_shown",
                lang.pick(
                    "这台电脑没有出示席位证书：请在绑定的席位上登录；证书已装好的，关闭浏览器重开，并在提示时选中它",
                    "this computer showed no certificate: sign in at a desk that is bound; if it is installed, close the browser, open it again and choose it when asked",
                ),
            ),
            DeskFault::OtherDesk => (
                "desk_certificate_other",
                lang.pick(
                    "这台电脑的席位证书没有绑定给此账号：请回本岗位的席位登录，或请系统管理员绑定（muster desk-cert bind）",
                    "this computer's certificate is not bound to this account: sign in at the position's own desk, or have the operator bind it (muster desk-cert bind)",
                ),
            ),
            DeskFault::NotYet => (
                "desk_certificate_not_yet",
                lang.pick(
                    "席位证书还没有生效：请系统管理员核对服务器时间和证书",
                    "this desk's certificate does not hold yet: the operator checks the node's clock and the certificate",
                ),
            ),
            DeskFault::Expired => (
                "desk_certificate_expired",
                lang.pick(
                    "席位证书已过期：请改用别的席位，并请系统管理员换发证书",
                    "this desk's certificate has ended: use another desk, and have the operator renew it",
                ),
            ),
            DeskFault::Revoked => (
                "desk_certificate_revoked",
                lang.pick(
                    "席位证书已被吊销：请改用别的席位，并告知系统管理员",
                    "this desk's certificate was revoked: use another desk, and tell the operator",
                ),
            ),
            DeskFault::Untrusted => (
                "desk_certificate_untrusted",
                lang.pick(
                    "席位证书不是本系统认可的机构签发的：请系统管理员换发",
                    "no authority that this node trusts made this desk's certificate: have the operator issue another",
                ),
            ),
        };
        Self::new(StatusCode::UNAUTHORIZED, code, lang.pick("席位证书", "this desk's certificate"), detail)
    }

    /// A request with a cookie that came from another site's page.
    pub fn other_origin(lang: Lang) -> Self {
        let title = lang.pick("来源不符", "from another site");
        let detail = lang.pick(
            "这一请求来自别的网站，未予办理",
            "this request came from another site and was not carried out",
        );
        Self::new(StatusCode::FORBIDDEN, "other_origin", title, detail)
    }

    /// A token that was not given this act.
    pub fn not_given(lang: Lang, act: ActKind) -> Self {
        let title = lang.pick("未授权", "not given");
        let act = act.label(lang);
        let zh = format!("这个接口令牌没有“{act}”的权限");
        let detail = if lang == Lang::Zh { zh } else { format!("this API token was not given “{act}”") };
        Self::new(StatusCode::FORBIDDEN, "not_given", title, detail)
    }

    /// As many streams as the node can bear.
    pub fn full(lang: Lang) -> Self {
        let title = lang.pick("连接已满", "full");
        let detail = lang.pick(
            "实时连接数已满，请稍后重试",
            "there are as many streams as the node can bear: try again shortly",
        );
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "full", title, detail).retry_after(5)
    }

    /// Parameters of a query that do not fit.
    pub fn query(lang: Lang, rejection: &axum::extract::rejection::QueryRejection) -> Self {
        let title = lang.pick("查询条件有误", "wrong query");
        let why = rejection.body_text();
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "query", title, why)
    }

    /// A failure of the framework's that has no more to say than its status.
    pub fn of_status(lang: Lang, status: StatusCode) -> Self {
        let (code, title, detail) = match status {
            StatusCode::NOT_FOUND => (
                "no_route",
                lang.pick("没有这个地址", "no such address"),
                lang.pick("没有这个地址，请核对", "there is nothing at this address: check it"),
            ),
            StatusCode::METHOD_NOT_ALLOWED => (
                "method",
                lang.pick("方法不对", "wrong method"),
                lang.pick(
                    "这个地址不接受这种请求方法，见 Allow",
                    "this address does not take that method, see Allow",
                ),
            ),
            StatusCode::PAYLOAD_TOO_LARGE => (
                "too_large",
                lang.pick("内容过长", "too large"),
                lang.pick("请求内容超过上限，请缩短", "the body is larger than the limit: make it shorter"),
            ),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => (
                "media_type",
                lang.pick("内容类型不对", "wrong content type"),
                lang.pick("这里不接受这种 Content-Type", "this Content-Type is not taken here"),
            ),
            status if status.is_client_error() => (
                "bad_request",
                lang.pick("请求有误", "bad request"),
                lang.pick(
                    "请求的参数或格式有误，请核对",
                    "a parameter or the form of the request is wrong: check it",
                ),
            ),
            _ => return Self::internal(lang),
        };
        Self::new(status, code, title, detail)
    }

    /// One field of the form.
    pub fn field(lang: Lang, pointer: impl Into<Text>, form: Form) -> Self {
        let detail = form.detail(lang);
        let pointer = pointer.into();
        let title = lang.pick("填写有误", "wrong form");
        let mut problem =
            Self::new(StatusCode::UNPROCESSABLE_ENTITY, "field", title, format!("{pointer}: {detail}"));
        problem.body.errors.push(FieldProblem { pointer, detail });
        problem
    }

    /// The same problem, as one of a field: what the body names is not there.
    #[must_use]
    pub fn at_field(mut self, pointer: impl Into<Text>) -> Self {
        self.status = StatusCode::UNPROCESSABLE_ENTITY;
        self.body.status = self.status.as_u16();
        self.body.errors.push(FieldProblem { pointer: pointer.into(), detail: self.body.detail.clone() });
        self
    }

    /// The body is no JSON object.
    pub fn not_json(lang: Lang, error: &serde_json::Error) -> Self {
        let title = lang.pick("内容无法读取", "unreadable");
        let detail =
            format!("{}{error}", lang.pick("请求内容不是 JSON 对象：", "the body is no JSON object: "));
        Self::new(StatusCode::BAD_REQUEST, "not_json", title, detail)
    }

    /// A body that could not be taken in: too large, cut off.
    pub fn unread(lang: Lang, failed: &axum::extract::rejection::BytesRejection) -> Self {
        let status = failed.status();
        let title = lang.pick("内容无法读取", "unreadable");
        let detail = match status {
            StatusCode::PAYLOAD_TOO_LARGE => {
                let most = crate::limits::BODY_BYTES >> 10;
                let zh = format!("请求内容超过 {most} KB");
                if lang == Lang::Zh { zh } else { format!("the body is larger than {most} KB") }
            }
            _ => lang.pick("请求内容不完整", "the body was cut off").to_owned(),
        };
        let code = if status == StatusCode::PAYLOAD_TOO_LARGE { "too_large" } else { "cut_off" };
        Self::new(status, code, title, detail)
    }

    /// A value that does not fit its shape, named by its place.
    pub fn shape(lang: Lang, error: &serde_path_to_error::Error<serde_json::Error>) -> Self {
        let message = error.inner().to_string();
        let named = |prefix: &str| {
            message.strip_prefix(prefix).and_then(|rest| rest.split('`').next()).map(ToOwned::to_owned)
        };
        let mut pointer = pointer_of(error.path());
        let form = if let Some(field) = named("unknown field `") {
            // The path already ends in the unknown field where the reader got that far.
            if !pointer.ends_with(&format!("/{field}")) {
                pointer = format!("{pointer}/{field}");
            }
            Form::UnknownField
        } else if let Some(field) = named("missing field `") {
            pointer = format!("{pointer}/{field}");
            Form::MissingField
        } else {
            Form::Shape(message)
        };
        Self::field(lang, pointer, form)
    }
}

/// `a.b[2].c` as `/a/b/2/c`.
fn pointer_of(path: &serde_path_to_error::Path) -> Text {
    use serde_path_to_error::Segment;
    let mut pointer = Text::new();
    for segment in path {
        pointer.push('/');
        match segment {
            Segment::Seq { index } => pointer.push_str(&index.to_string()),
            Segment::Map { key } => pointer.push_str(&key.replace('~', "~0").replace('/', "~1")),
            Segment::Enum { variant } => pointer.push_str(variant),
            Segment::Unknown => pointer.push('?'),
        }
    }
    pointer
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(&*self.body)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
