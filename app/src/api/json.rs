//! Reads JSON in two steps: text to a tree, tree to a value. One reader serves every type; generated for each of them by
//! itself, readers are a tenth of the program the browser has to fetch.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{
        DeserializeOwned, DeserializeSeed, EnumAccess, Error as _, IntoDeserializer, MapAccess, SeqAccess,
        VariantAccess, Visitor, value::StrDeserializer,
    },
    forward_to_deserialize_any,
};
use serde_json::{Error, Number};

/// Reads a value.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    let tree: Tree = serde_json::from_str(text)?;
    T::deserialize(&tree)
}

/// JSON in the order it was written in.
enum Tree {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Tree>),
    // the names of members are read by the same code as texts
    Object(Vec<(Tree, Tree)>),
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Grow;
        impl<'de> Visitor<'de> for Grow {
            type Value = Tree;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("JSON")
            }

            fn visit_unit<E>(self) -> Result<Tree, E> {
                Ok(Tree::Null)
            }

            fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
                Ok(Tree::Bool(value))
            }

            fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
                Ok(Tree::Number(value.into()))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
                Ok(Tree::Number(value.into()))
            }

            fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
                Ok(Number::from_f64(value).map_or(Tree::Null, Tree::Number))
            }

            fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
                Ok(Tree::Text(value.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Tree, A::Error> {
                let mut list = Vec::new();
                while let Some(value) = from.next_element()? {
                    list.push(value);
                }
                Ok(Tree::List(list))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Tree, A::Error> {
                let mut members = Vec::new();
                while let Some(name) = from.next_key()? {
                    members.push((Tree::Text(name), from.next_value()?));
                }
                Ok(Tree::Object(members))
            }
        }
        from.deserialize_any(Grow)
    }
}

impl<'de> Deserializer<'de> for &'de Tree {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Tree::Null => visitor.visit_unit(),
            Tree::Bool(value) => visitor.visit_bool(*value),
            Tree::Number(number) => {
                if let Some(value) = number.as_u64() {
                    visitor.visit_u64(value)
                } else if let Some(value) = number.as_i64() {
                    visitor.visit_i64(value)
                } else {
                    visitor.visit_f64(number.as_f64().unwrap_or_default())
                }
            }
            Tree::Text(value) => visitor.visit_borrowed_str(value),
            Tree::List(list) => visitor.visit_seq(Items(list.iter())),
            Tree::Object(members) => visitor.visit_map(Members { rest: members.iter(), value: &Tree::Null }),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Tree::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(self.variant()?)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

impl Tree {
    /// A variant is a name, or one member whose name it is.
    fn variant(&self) -> Result<Variant<'_>, Error> {
        match self {
            Self::Text(name) => Ok(Variant { name, content: &Self::Null }),
            Self::Object(members) => match members.as_slice() {
                [(Self::Text(name), content)] => Ok(Variant { name, content }),
                _ => Err(Error::custom("expected one of several forms, found several of them or none")),
            },
            _ => Err(Error::custom("expected the name of one of several forms")),
        }
    }
}

struct Items<'de>(std::slice::Iter<'de, Tree>);

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        match self.0.next() {
            Some(value) => seed.deserialize(value).map(Some),
            None => Ok(None),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

struct Members<'de> {
    rest: std::slice::Iter<'de, (Tree, Tree)>,
    value: &'de Tree,
}

impl<'de> MapAccess<'de> for Members<'de> {
    type Error = Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        match self.rest.next() {
            Some((name, value)) => {
                self.value = value;
                seed.deserialize(name).map(Some)
            }
            None => Ok(None),
        }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        seed.deserialize(self.value)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

struct Variant<'de> {
    name: &'de str,
    content: &'de Tree,
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = Error;
    type Variant = &'de Tree;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, &'de Tree), Error> {
        let name: StrDeserializer<'_, Error> = self.name.into_deserializer();
        Ok((seed.deserialize(name)?, self.content))
    }
}

impl<'de> VariantAccess<'de> for &'de Tree {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        <()>::deserialize(self)
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Error> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_any(visitor)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use model::{ApiError, ErrorCode};
    use serde::{Deserialize, Serialize};
    use serde_json::{Value, json};

    use super::read;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Id(String);

    #[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
    enum Form {
        Plain,
        Newtype(u8),
        Tuple(i64, String),
        Named { a: Option<bool>, b: char },
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(tag = "type")]
    enum Tagged {
        One { n: f64 },
        Two { list: Vec<Tagged> },
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Whole {
        id: Id,
        forms: Vec<Form>,
        #[serde(flatten)]
        tagged: Tagged,
        by_id: BTreeMap<String, Value>,
        by_form: BTreeMap<Form, u32>,
        pair: (u16, f32),
        nothing: (),
        absent: Option<Id>,
        at: chrono::DateTime<chrono::Utc>,
    }

    fn whole() -> Whole {
        Whole {
            id: Id("a\"b".into()),
            forms: vec![
                Form::Plain,
                Form::Newtype(3),
                Form::Tuple(-4, "네".into()),
                Form::Named { a: None, b: '한' },
                Form::Named { a: Some(true), b: 'x' },
            ],
            tagged: Tagged::Two { list: vec![Tagged::One { n: 2.0 }, Tagged::One { n: -0.5 }] },
            by_id: BTreeMap::from([("x".into(), json!({"b": [1, null, 1.5e300], "a": {}}))]),
            by_form: BTreeMap::from([(Form::Plain, 7)]),
            pair: (9, 0.25),
            nothing: (),
            absent: None,
            at: chrono::DateTime::from_timestamp_millis(1_700_000_000_123).unwrap(),
        }
    }

    #[test]
    fn every_form_comes_back_as_it_went() {
        let text = serde_json::to_string(&whole()).unwrap();
        assert_eq!(read::<Whole>(&text).unwrap(), whole());
    }

    #[test]
    fn errors_of_the_product_come_back() {
        let error =
            ApiError::new(ErrorCode::Conflict, "가", "a").with_hint("나", "b").with_field("x", "다", "c");
        assert_eq!(read::<ApiError>(&serde_json::to_string(&error).unwrap()).unwrap(), error);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        for text in [
            "",
            "[",
            "null",
            "{}",
            r#"{"kind":"no_such_kind","message":{"ko":"","en":""}}"#,
            r#"{"kind":7,"message":{"ko":"","en":""}}"#,
            r#"{"kind":{},"message":{"ko":"","en":""}}"#,
        ] {
            assert!(read::<ApiError>(text).is_err(), "{text}");
        }
        assert!(read::<u8>("300").is_err());
        assert!(read::<Form>(r#"{"Newtype":1,"Plain":null}"#).is_err());
    }
}
