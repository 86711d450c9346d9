/** The page at `/asyncapi/`: plain HTML made from the AsyncAPI document, readable without scripts, without the internet, and on a phone. */
import { type Area, type AsyncApiChannel, type AsyncApiDocument, areaOf, areas } from "./asyncapi-document.js";
import { rowsOf } from "./field-rows.js";

/** A whole HTML page. */
export function asyncApiPage(document: AsyncApiDocument): string {
  const { title, description } = document.info;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${safe(title)}: topics and messages</title>
<link rel="stylesheet" href="/asyncapi/style.css">
</head>
<body>
<header>
<h1>${safe(title)}: topics and messages</h1>
<p>${prose(description)}</p>
<p><a href="/asyncapi.json">This page as AsyncAPI ${safe(document.asyncapi)}</a> · <a href="/schemas/index.json">JSON Schema files</a> · <a href="/swagger/">REST</a></p>
</header>
<nav aria-label="Topics">${contents(document)}</nav>
<main>
${access(document)}
${areaNames.map((area) => areaSection(document, area)).join("\n")}
${rejectCodeSection(document)}
</main>
</body>
</html>
`;
}

const areaNames = Object.keys(areas) as Area[];
const lastOf = (reference: string): string => reference.split("/").at(-1) ?? reference;

const safe = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
/** Escaped, with what stands between backticks as code. */
const prose = (text: string): string => safe(text).replaceAll(/`([^`]+)`/g, "<code>$1</code>");
/** A topic may break after each of its levels. */
const topic = (address: string): string => safe(address).replaceAll("/", "/<wbr>");

function channelsOf({ channels }: AsyncApiDocument, area: Area): [string, AsyncApiChannel][] {
  return Object.entries(channels).filter(([, { title }]) => areaOf(title) === area);
}

function contents(document: AsyncApiDocument): string {
  const links = areaNames.map((area) => {
    const items = channelsOf(document, area).map(
      ([name, { title }]) => `<li><a href="#${name}"><code>${topic(title)}</code></a></li>`,
    );
    return `<details><summary>${safe(areas[area])} <small>${items.length}</small></summary><ul>${items.join("")}</ul></details>`;
  });
  return `${links.join("")}<p><a href="#reject-codes">Reject codes</a></p>`;
}

function access({ components, servers }: AsyncApiDocument): string {
  const terms = Object.entries(components.securitySchemes).map(
    ([name, { description }]) => `<dt>${safe(name)}</dt><dd>${prose(description)}</dd>`,
  );
  const levels = Object.entries(components.parameters).map(
    ([name, { description, default: usual, examples = [], enum: values = [] }]) => {
      const shown = [...(usual === undefined ? [] : [usual]), ...examples, ...values].map(
        (value) => `<code>${safe(value)}</code>`,
      );
      return `<dt><code>{${safe(name)}}</code></dt><dd>${prose(description)}${shown.length === 0 ? "" : `: ${shown.join(", ")}`}</dd>`;
    },
  );
  const { protocolVersion } = servers.mqtt as { protocolVersion: string };
  return `<section>
<h2>Logging in</h2>
<p>MQTT ${safe(protocolVersion)}, by default at <code>127.0.0.1:1883</code>. Everything goes at QoS 1.</p>
<dl>${terms.join("")}</dl>
<h2>Levels of topics</h2>
<dl>${levels.join("")}</dl>
</section>`;
}

function areaSection(document: AsyncApiDocument, area: Area): string {
  const sections = channelsOf(document, area).map(([name, channel]) => channelSection(document, name, channel));
  return `<section><h2>${safe(areas[area])}</h2>\n${sections.join("\n")}</section>`;
}

function channelSection(document: AsyncApiDocument, name: string, channel: AsyncApiChannel): string {
  const { address, summary, messages } = channel;
  const notYet = channel["x-not-yet-served"];
  const reply = document.operations[`receive-${name}`]?.reply;
  const answered = reply === undefined ? undefined : lastOf(reply.channel.$ref);
  const facts = [
    `<li>retained: ${safe(channel["x-retained"])}</li>`,
    `<li>written by ${prose(channel["x-written-by"])}</li>`,
    ...(answered === undefined ? [] : [`<li>answered on <a href="#${answered}">${safe(answered)}</a></li>`]),
    ...(notYet === undefined ? [] : [`<li class="not-yet">not yet served</li>`]),
  ];
  const names = Object.keys(messages);
  return `<article id="${name}">
<h3><a href="#${name}"><code>${topic(address)}</code></a></h3>
<p>${prose(summary)}${notYet === undefined ? "" : ` <em>${prose(notYet)}</em>`}</p>
<ul class="facts">${facts.join("")}</ul>
${names.map((message) => messageSection(document, message, names.length > 1)).join("\n")}
</article>`;
}

function messageSection({ components }: AsyncApiDocument, name: string, isOneOfSeveral: boolean): string {
  const { schemas, messages } = components;
  const rows = rowsOf(schemas[name] ?? {}).map(
    ({ field, type, optional, meaning }) =>
      `<tr><th scope="row"><code>${field.replaceAll(".", ".<wbr>")}</code></th><td>${safe(type)}${optional ? " <i>optional</i>" : ""}</td><td>${prose(meaning)}</td></tr>`,
  );
  const examples = (messages[name]?.examples ?? []).map(
    ({ payload }) => `<pre><code>${safe(JSON.stringify(payload, undefined, 1))}</code></pre>`,
  );
  return `${isOneOfSeveral ? `<h4>${safe(name.split("-").at(-1) ?? name)}</h4>` : ""}
<table><thead><tr><th scope="col">field</th><th scope="col">type</th><th scope="col">meaning</th></tr></thead>
<tbody>${rows.join("\n")}</tbody></table>
<details><summary>Example${examples.length === 1 ? "" : `s (${examples.length})`}</summary>${examples.join("")}</details>
<p class="file"><a href="/schemas/${name}.json">JSON Schema</a></p>`;
}

function rejectCodeSection(document: AsyncApiDocument): string {
  const rows = Object.entries(document["x-reject-codes"]).map(
    ([code, status]) => `<tr><th scope="row"><code>${safe(code)}</code></th><td>${status}</td></tr>`,
  );
  return `<section id="reject-codes"><h2>Reject codes</h2>
<p>A closed list: it grows, a code is never reused. Where several apply, the first in this order is told; <code>reason</code> says the numbers.</p>
<table class="codes"><thead><tr><th scope="col">code</th><th scope="col">HTTP status</th></tr></thead><tbody>${rows.join("")}</tbody></table>
</section>`;
}
