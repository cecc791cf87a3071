// Lists the operations of the description and sends requests with the session of the browser.
const $ = (id) => document.getElementById(id);
const make = (tag, props = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), props);
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
};

const api = await (await fetch("/api/openapi.json")).json();
$("about").textContent = api.info.description;

const resolve = (schema) =>
  schema?.$ref ? api.components.schemas[decodeURIComponent(schema.$ref.split("/").pop())] : schema;

// An example body: required fields only, so that it is short and valid in form.
function example(schema, depth = 0) {
  const s = resolve(schema) ?? {};
  if (s.example !== undefined) return s.example;
  if (s.default !== undefined) return s.default;
  if (s.enum) return s.enum[0];
  if (s.oneOf ?? s.anyOf) return example((s.oneOf ?? s.anyOf)[0], depth + 1);
  if (s.allOf) return Object.assign({}, ...s.allOf.map((part) => example(part, depth + 1)));
  const type = Array.isArray(s.type) ? s.type[0] : s.type;
  if (type === "object" || s.properties) {
    if (depth > 5) return {};
    const wanted = s.required?.length ? s.required : Object.keys(s.properties ?? {}).slice(0, 4);
    return Object.fromEntries(wanted.map((name) => [name, example(s.properties?.[name], depth + 1)]));
  }
  if (type === "array") return [];
  if (type === "integer" || type === "number") return 0;
  if (type === "boolean") return false;
  if (s.format === "date-time") return new Date().toISOString();
  return "";
}

async function send(method, path, operation, fields, body, file, out, stream) {
  let url = path;
  const query = new URLSearchParams();
  for (const [parameter, input] of fields) {
    if (parameter.in === "path") url = url.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
    else if (input.value !== "") query.set(parameter.name, input.value);
  }
  if (query.size) url += `?${query}`;
  const headers = { "accept-language": $("lang").value, accept: stream?.checked ? "text/event-stream" : "application/json" };
  let content;
  if (file) {
    content = new FormData();
    if (file.files[0]) content.append("file", file.files[0]);
  } else if (body) {
    headers["content-type"] = "application/json";
    content = body.value;
  }
  out.hidden = false;
  out.textContent = "…";
  const begun = performance.now();
  try {
    const response = await fetch(url, { method: method.toUpperCase(), headers, body: content });
    const head = () => `${response.status} ${response.statusText} · ${Math.round(performance.now() - begun)} ms · trace ${response.headers.get("x-trace-id")}\n\n`;
    if (response.headers.get("content-type")?.startsWith("text/event-stream")) {
      out.textContent = head();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) out.textContent += part.value;
      return;
    }
    const text = await response.text();
    let shown = text;
    try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch { /* not JSON: shown as it is */ }
    out.textContent = head() + shown;
  } catch (error) {
    out.textContent = String(error);
  }
}

function show(path, method, operation) {
  const body = make("div", { className: "body" });
  if (operation.description) body.append(make("p", { textContent: operation.description }));
  const fields = (operation.parameters ?? []).map((parameter) => {
    const input = make("input", { id: `${operation.operationId}-${parameter.name}`, required: parameter.required ?? false });
    body.append(make("div", { className: "row" },
      make("label", { htmlFor: input.id, textContent: parameter.name }), input,
      parameter.description ? make("small", { textContent: parameter.description }) : null));
    return [parameter, input];
  });
  const content = operation.requestBody?.content ?? {};
  let area = null, file = null, stream = null;
  if (content["application/json"]) {
    area = make("textarea", { value: JSON.stringify(example(content["application/json"].schema), null, 2), spellcheck: false });
    area.setAttribute("aria-label", "JSON");
    body.append(area);
  } else if (content["multipart/form-data"]) {
    file = make("input", { type: "file" });
    file.setAttribute("aria-label", "file");
    body.append(file);
  }
  if (Object.values(operation.responses).some((response) => response.content?.["text/event-stream"])) {
    stream = make("input", { type: "checkbox", id: `${operation.operationId}-stream` });
    body.append(make("p", {}, stream, " ", make("label", { htmlFor: stream.id, textContent: "text/event-stream" })));
  }
  const out = make("pre", { hidden: true });
  out.setAttribute("aria-live", "polite");
  const go = make("button", { className: "go", textContent: "보내기 · Send", type: "button" });
  go.addEventListener("click", () => send(method, path, operation, fields, area, file, out, stream));
  const form = make("details", {});
  const schema = make("pre", { textContent: JSON.stringify({ requestBody: operation.requestBody, responses: operation.responses }, null, 2) });
  form.append(make("summary", { textContent: "형식 · Schema" }), schema);
  body.append(make("p", {}, go), out, form);
  const details = make("details", { className: "operation" },
    make("summary", {}, make("span", { className: "method", textContent: method.toUpperCase() }),
      make("code", { textContent: path }), make("span", { className: "what", textContent: operation.summary ?? "" })), body);
  details.dataset.text = `${method} ${path} ${operation.summary ?? ""}`.toLowerCase();
  return details;
}

const main = $("operations");
for (const tag of api.tags) {
  const found = Object.entries(api.paths).flatMap(([path, item]) =>
    Object.entries(item).filter(([, operation]) => operation.tags?.includes(tag.name)).map(([method, operation]) => show(path, method, operation)));
  if (found.length) main.append(make("section", {}, make("h2", { textContent: `${tag.name} — ${tag.description}` }), ...found));
}
main.removeAttribute("aria-busy");

$("find").addEventListener("input", (event) => {
  const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const element of document.querySelectorAll(".operation")) {
    element.hidden = !words.every((word) => element.dataset.text.includes(word));
  }
});
const me = await fetch("/api/v1/auth/me").then((response) => (response.ok ? response.json() : null));
$("who").textContent = me ? `${me.data.login} (${me.data.tenant_name})` : "로그인하지 않았습니다 · not signed in";
