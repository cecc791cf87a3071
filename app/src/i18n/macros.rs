//! The macro behind every file of texts.

/// Makes a struct whose methods are texts. `key => "한국어", "English";` gives `&'static str`,
/// `key(n: u64) => ko, en;` gives `String` from two expressions of type `String`.
macro_rules! texts {
    ($(#[$doc:meta])* $name:ident { $($key:ident $(($($arg:ident : $type:ty),+ $(,)?))? => $ko:expr, $en:expr;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $name(pub $crate::i18n::Lang);
        impl $name {
            $($crate::i18n::macros::text! { $key $(($($arg : $type),+))? => $ko, $en })*
        }
    };
}

/// One text of [`texts!`].
macro_rules! text {
    ($key:ident => $ko:expr, $en:expr) => {
        #[doc = $en]
        pub fn $key(self) -> &'static str {
            match self.0 {
                $crate::i18n::Lang::Ko => $ko,
                $crate::i18n::Lang::En => $en,
            }
        }
    };
    ($key:ident($($arg:ident : $type:ty),+) => $ko:expr, $en:expr) => {
        #[doc = stringify!($en)]
        pub fn $key(self, $($arg: $type),+) -> String {
            match self.0 {
                $crate::i18n::Lang::Ko => $ko,
                $crate::i18n::Lang::En => $en,
            }
        }
    };
}

pub(crate) use {text, texts};
