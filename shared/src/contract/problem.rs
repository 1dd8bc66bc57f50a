//! The problem codes that phone, web and server share, and the body of RFC 9457 that carries them.

use serde::{Deserialize, Serialize};

// The code is a token, not a `literal`: utoipa does not see through the group that a `literal` is wrapped in.
macro_rules! problem_codes {
    ($($(#[doc = $doc:literal])* $variant:ident = $code:tt, $title:literal;)*) => {
        /// Why a request was not done. The code is stable; the title is what a person reads.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum ProblemCode {
            $($(#[doc = $doc])* #[serde(rename = $code)] $variant,)*
        }

        impl ProblemCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The stable code, `snake_case`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }

            /// One short Chinese sentence for a person: what happened, and what is safe or to be done.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),* }
            }
        }
    };
}

problem_codes! {
    /// The body or a parameter does not have the documented shape.
    Malformed = "malformed", "请求内容格式不对，请检查后再试";
    /// A field is missing, too long or not one of the allowed values; `field` names it.
    Invalid = "invalid", "填写的内容有误，请检查后再试";
    /// The body is larger than allowed.
    BodyTooLarge = "body_too_large", "内容太大，请精简后再试";
    /// The address and header fields of the request are longer than allowed.
    HeadersTooLarge = "headers_too_large", "请求的头部太大，请刷新页面后再试";
    /// The body did not arrive in time.
    RequestTimeout = "request_timeout", "网络太慢，内容没有传完整，请重新提交";
    /// The content type is not one that this operation reads.
    UnsupportedMediaType = "unsupported_media_type", "不支持这种内容类型";
    /// Nobody is signed in, or the token has run out.
    SignInRequired = "sign_in_required", "请先登录";
    /// Number, name, code or password is wrong; which one is not told.
    SignInFailed = "sign_in_failed", "登录信息不对，请核对后再试";
    /// The refresh token is unknown, used or revoked.
    SessionEnded = "session_ended", "登录已失效，请重新登录";
    /// The account is locked for a while after wrong passwords.
    TemporarilyLocked = "temporarily_locked", "错误次数过多，请稍后再试";
    /// The caller is known but may not do this.
    Forbidden = "forbidden", "您没有权限进行此操作";
    /// The caller has to choose a new password before anything else.
    PasswordChangeRequired = "password_change_required", "请先修改密码，再办理其他事项";
    /// The caller has to enrol a second factor before anything else.
    SecondFactorRequired = "second_factor_required", "请先绑定动态口令，再办理其他事项";
    /// The caller has to prove to be the owner once more, by code or password.
    ProofRequired = "proof_required", "请先用验证码或密码确认是您本人";
    /// The account was blocked for abuse: it reads, and reports emergencies.
    AccountBlocked = "account_blocked", "您的账号已被限制，只能反映紧急情况；遇到危险请直接拨打110、119或120";
    /// There is no such thing, or the caller may not know of it.
    NotFound = "not_found", "没有找到，可能不存在或不对您开放";
    /// The operation does not exist on this path.
    MethodNotAllowed = "method_not_allowed", "此地址不支持这种操作";
    /// The action is not possible in the present state of the case; `detail` says why.
    ActionNotAllowed = "action_not_allowed", "现在不能进行此操作";
    /// The thing changed since the caller read it: read it again.
    Stale = "stale", "内容已被他人更新，请刷新后再试";
    /// `If-Match` names another version than the present one.
    VersionMismatch = "version_mismatch", "内容已更新，请刷新后再试";
    /// The knowledge article is not in force: it is retired, past its last day, or its first day has not come.
    ArticleNotInForce = "article_not_in_force", "这条知识已停用、过期或尚未生效，不能引用，请另选一条";
    /// It is there already.
    AlreadyExists = "already_exists", "已经存在，不需要重复提交";
    /// The idempotency key was used before with other content.
    IdempotencyKeyReused = "idempotency_key_reused", "同一个提交编号对应了不同内容";
    /// Too many attempts; `Retry-After` says when to come back.
    TooManyAttempts = "too_many_attempts", "操作太频繁，请稍后再试";
    /// Too much is waiting; nothing was done; `Retry-After` says when to come back.
    Busy = "busy", "现在使用的人较多，内容没有丢失，请稍后再试";
    /// The server failed; nothing acknowledged is lost.
    Internal = "internal", "系统出了问题，请稍后再试";
    /// The server's disk is full; nothing acknowledged is lost.
    StorageFull = "storage_full", "系统存储已满，请稍后再试";
    /// The photo has more bytes than allowed.
    PhotoTooLarge = "photo_too_large", "照片文件太大，请压缩后再上传";
    /// Not JPEG, PNG or WebP by content.
    PhotoTypeNotAllowed = "photo_type_not_allowed", "只能上传 JPEG、PNG 或 WebP 照片";
    /// HEIC: the phone can send JPEG instead.
    PhotoHeicNotSupported = "photo_heic_not_supported", "暂不支持 HEIC，请在相机设置里选“兼容性最佳”，或截图后再上传";
    /// The photo ends before its picture does.
    PhotoTruncated = "photo_truncated", "照片没有传完整，请重新上传";
    /// The picture's sides or pixels are beyond the bounds.
    PhotoDimensions = "photo_dimensions", "照片尺寸过大或过小，请换一张";
    /// Showing the picture would take more work than its size explains.
    PhotoBomb = "photo_bomb", "照片内容异常，请换一张";
    /// The picture cannot be decoded.
    PhotoCorrupt = "photo_corrupt", "照片已损坏，请换一张";
    /// The bytes do not have the SHA-256 that was announced.
    PhotoHashMismatch = "photo_hash_mismatch", "照片传输有误，请重新上传";
}

/// The body of every refusal, `application/problem+json` (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProblemView {
    /// `about:blank#` and the code: a name, not an address to open.
    pub r#type: String,
    /// One short sentence for a person.
    pub title: String,
    /// The HTTP status again.
    pub status: u16,
    /// The stable code.
    pub code: ProblemCode,
    /// More for a person, when there is more to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The code of the rule that stands against an action.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The field that is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Quote this when asking for help.
    pub request_id: String,
}
