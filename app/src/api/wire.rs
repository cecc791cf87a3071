//! How a server function is called. The way there and back is one function for all of them; only the ends, a value to
//! JSON and JSON to a value, are made for each type.

use std::future::Future;

#[cfg(feature = "ssr")]
use axum::http::Method;
#[cfg(feature = "csr")]
use gloo_net::http::Method;
use leptos::server_fn::{Http, Protocol, client::Client, codec::Json, server::Server};
use serde::{Serialize, de::DeserializeOwned};

use super::ServerError;

/// The protocol of every server function: JSON there, JSON back, like the framework's own.
pub struct Wire;

type Framework = Http<Json, Json>;

impl<I, O, C, S> Protocol<I, O, C, S, ServerError> for Wire
where
    I: Serialize + DeserializeOwned + Send,
    O: Serialize + DeserializeOwned + Send,
    C: Client<ServerError>,
    S: Server<ServerError>,
    Framework: Protocol<I, O, C, S, ServerError>,
{
    const METHOD: Method = <Framework as Protocol<I, O, C, S, ServerError>>::METHOD;

    fn run_server<F, Fut>(
        request: S::Request,
        body: F,
    ) -> impl Future<Output = Result<S::Response, ServerError>> + Send
    where
        F: Fn(I) -> Fut + Send,
        Fut: Future<Output = Result<O, ServerError>> + Send,
    {
        <Framework as Protocol<I, O, C, S, ServerError>>::run_server(request, body)
    }

    #[cfg(not(feature = "csr"))]
    fn run_client(path: &str, input: I) -> impl Future<Output = Result<O, ServerError>> + Send {
        <Framework as Protocol<I, O, C, S, ServerError>>::run_client(path, input)
    }

    #[cfg(feature = "csr")]
    async fn run_client(path: &str, input: I) -> Result<O, ServerError> {
        let text = browser::post(path.to_owned(), serde_json::to_string(&input)).await?;
        super::json::read(&text).map_err(browser::unreadable)
    }
}

#[cfg(feature = "csr")]
mod browser {
    use std::pin::Pin;

    use leptos::server_fn::{
        client::browser::BrowserClient,
        error::{FromServerFnError, ServerFnErrorErr},
        request::{ClientReq, browser::BrowserRequest},
        response::{ClientRes, browser::BrowserResponse},
    };

    use super::{super::json, Client, Future, ServerError};

    const JSON: &str = "application/json";

    type Text = Pin<Box<dyn Future<Output = Result<String, ServerError>> + Send>>;

    /// Sends the arguments and brings the text of the result, or the error the server answered with.
    pub fn post(path: String, arguments: serde_json::Result<String>) -> Text {
        Box::pin(async move {
            let arguments = arguments.map_err(|error| {
                ServerError::from_server_fn_error(ServerFnErrorErr::Serialization(error.to_string()))
            })?;
            let request: BrowserRequest =
                ClientReq::<ServerError>::try_new_post(&path, JSON, JSON, arguments)?;
            let response: BrowserResponse = <BrowserClient as Client<ServerError>>::send(request).await?;
            let failed = ClientRes::<ServerError>::status(&response) >= 400;
            let text = ClientRes::<ServerError>::try_into_string(response).await?;
            match failed {
                false => Ok(text),
                true => Err(json::read(&text).unwrap_or_else(unreadable)),
            }
        })
    }

    pub fn unreadable(error: serde_json::Error) -> ServerError {
        ServerError::from_server_fn_error(ServerFnErrorErr::Deserialization(error.to_string()))
    }
}
