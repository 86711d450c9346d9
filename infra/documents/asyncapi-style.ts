/** The stylesheet of the page at `/asyncapi/`: fonts of the system, light or dark as the reader has it, tables that stack on a phone. */
export const asyncApiStyle = `
:root { color-scheme: light dark; --line: #d5dbd8; --soft: #f3f6f4; --quiet: #56635d; --link: #0b6848; --late: #8a5a00; }
@media (prefers-color-scheme: dark) {
  :root { --line: #39423e; --soft: #1d2421; --quiet: #a3b0aa; --link: #6fd0a5; --late: #e0b050; }
  body { background: #121715; color: #e6ebe8; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 76rem; font: 16px/1.5 system-ui, sans-serif; }
a { color: var(--link); }
h1 { font-size: 1.6rem; line-height: 1.2; margin: .5rem 0; }
h2 { font-size: 1.25rem; margin: 2rem 0 .75rem; }
h3 { font-size: 1rem; margin: 0 0 .5rem; }
h3 a { color: inherit; text-decoration: none; }
h4 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
code, pre { font: .875em/1.45 ui-monospace, monospace; }
p { margin: .5rem 0; max-width: 48rem; }
header { border-bottom: 1px solid var(--line); padding-bottom: .5rem; }
nav { padding: .75rem 0; border-bottom: 1px solid var(--line); }
nav ul { margin: .25rem 0 .5rem; padding-left: 1.25rem; list-style: none; }
nav li { padding: .125rem 0; }
summary { cursor: pointer; padding: .25rem 0; }
small, .file, td i { color: var(--quiet); }
.file { font-size: .875rem; }
article { border: 1px solid var(--line); border-radius: 6px; padding: 1rem; margin: 0 0 1rem; scroll-margin-top: .5rem; }
article:target { border-color: var(--link); }
.facts { display: flex; flex-wrap: wrap; gap: .375rem; padding: 0; margin: .5rem 0 .75rem; list-style: none; font-size: .875rem; }
.facts li { background: var(--soft); border-radius: 4px; padding: .125rem .5rem; }
.facts .not-yet { color: var(--late); font-weight: 600; }
table { border-collapse: collapse; width: 100%; font-size: .9375rem; }
.codes { max-width: 30rem; }
th, td { text-align: left; vertical-align: top; padding: .375rem .75rem .375rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
thead th { border: 0; font-size: .8125rem; color: var(--quiet); font-weight: 400; }
tbody th { font-weight: 400; width: 30%; }
table:not(.codes) td:nth-child(2) { width: 27%; }
pre { background: var(--soft); border-radius: 4px; padding: .75rem; overflow-x: auto; margin: .5rem 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .375rem 1rem; margin: .5rem 0; }
dt { font-weight: 600; }
dd { margin: 0; overflow-wrap: anywhere; }
@media (min-width: 62rem) {
  body { display: grid; grid-template-columns: 18rem minmax(0, 1fr); column-gap: 2rem; }
  header { grid-column: 1 / -1; }
  nav { border: 0; position: sticky; top: 0; align-self: start; max-height: 100vh; overflow-y: auto; }
}
@media (max-width: 36rem) {
  article { padding: .75rem; }
  table:not(.codes) thead { display: none; }
  table:not(.codes) tr { display: block; border-top: 1px solid var(--line); padding: .375rem 0; }
  table:not(.codes) th, table:not(.codes) td, table:not(.codes) td:nth-child(2) { display: block; width: auto; border: 0; padding: 0; }
  table:not(.codes) td:nth-child(2) { color: var(--quiet); }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .5rem; }
}
`.trimStart();
