#include "server/registry/page/style.h"

#include "sigstore/codec/base64.h"
#include "sigstore/crypto/hash.h"

namespace server::registry::page {
namespace {

// Colours meet WCAG AA (4.5:1) against what they stand on, in both schemes.
constexpr std::string_view style = R"(
:root{color-scheme:light dark;--bg:#fafaf8;--card:#fff;--ink:#1d2024;--soft:#5c636b;--line:#e1e2de;--rule:#c6c9c4;
--link:#1c57bd;--code:#f1f2ee;--good:#14653a;--good-bg:#e0f2e6;--careful:#7a4b00;--careful-bg:#fbeed2;--bad:#9c242b;
--bad-bg:#fbe4e4;--plain-bg:#eceeea}
@media (prefers-color-scheme:dark){:root{--bg:#14161a;--card:#1b1e23;--ink:#e7e9ec;--soft:#9ca4ad;--line:#2c3037;
--rule:#464c55;--link:#8ab4ff;--code:#23272d;--good:#84d9a8;--good-bg:#15352a;--careful:#f1c66f;--careful-bg:#3a2d12;
--bad:#ffa3a5;--bad-bg:#432120;--plain-bg:#292d33}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:flex;flex-direction:column;background:var(--bg);color:var(--ink);
font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}
code,pre,.mono{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.875em}
a{color:var(--link);text-decoration:none}
a:hover{text-decoration:underline}
:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:3px}
.wrap{max-width:64rem;margin:0 auto;padding:0 1.25rem}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:.5rem;background:var(--card);padding:.3rem .7rem;z-index:1}
header{border-bottom:1px solid var(--line);background:var(--card)}
header ol{list-style:none;margin:0;padding:.8rem 0;display:flex;flex-wrap:wrap;gap:.15rem .5rem}
header li{overflow-wrap:anywhere}
header li+li::before{content:"/";color:var(--rule);margin-right:.5rem}
.home{font-weight:650;color:var(--ink)}
.home::before{content:"";display:inline-block;width:.62em;height:.62em;margin-right:.5em;border-radius:2px;
background:linear-gradient(135deg,var(--link) 48%,transparent 52%);border:2px solid var(--link)}
main{flex:1;padding:2rem 0 3rem}
h1{font-size:1.75rem;line-height:1.25;letter-spacing:-.015em;margin:0 0 .35rem;overflow-wrap:anywhere}
h1 .soft{font-weight:500}
h2{font-size:1.1rem;margin:2.25rem 0 .75rem}
p{margin:.4rem 0}
.soft,.meta{color:var(--soft)}
.meta{font-size:.9rem;overflow-wrap:anywhere}
.lead{display:flex;flex-wrap:wrap;align-items:center;gap:.4rem .75rem;margin:.6rem 0 1.4rem}
.whole{overflow-wrap:anywhere;user-select:all;color:var(--soft)}
form{display:flex;flex-wrap:wrap;align-items:center;gap:.5rem;margin:1.25rem 0}
label{font-size:.9rem;color:var(--soft)}
input,button{font:inherit;padding:.38rem .7rem;border:1px solid var(--rule);border-radius:7px;background:var(--card);
color:var(--ink)}
input{flex:1 1 12rem;max-width:24rem;min-width:0}
button{cursor:pointer;background:var(--plain-bg)}
button:hover{border-color:var(--soft)}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px}
.rows{list-style:none;margin:0;padding:0}
.rows li{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 1rem;padding:.65rem 1rem}
.rows li+li{border-top:1px solid var(--line)}
.rows a{font-weight:600;overflow-wrap:anywhere}
.rows a .soft{font-weight:400}
table{width:100%;border-collapse:collapse}
th,td{text-align:left;vertical-align:top;padding:.6rem 1rem;border-top:1px solid var(--line)}
thead th{border-top:0;font-size:.82rem;font-weight:600;color:var(--soft)}
tbody th{font-weight:600;overflow-wrap:anywhere}
td.number,th.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
td{overflow-wrap:anywhere}
.digest{white-space:nowrap}
.badge{display:inline-block;padding:.08rem .55rem;border-radius:99px;font-size:.82rem;font-weight:600;
background:var(--plain-bg);color:var(--soft);overflow-wrap:anywhere}
.good{background:var(--good-bg);color:var(--good)}
.careful{background:var(--careful-bg);color:var(--careful)}
.bad{background:var(--bad-bg);color:var(--bad)}
dl{display:grid;grid-template-columns:fit-content(16rem) 1fr;gap:.35rem 1.25rem;margin:0}
dt{color:var(--soft);min-width:7rem;overflow-wrap:anywhere}
dd{margin:0;overflow-wrap:anywhere}
.facts{padding:1rem}
pre{margin:.5rem 0;font-size:1rem;padding:.65rem .9rem;background:var(--code);border-radius:8px;white-space:pre-wrap;
overflow-wrap:anywhere;user-select:all}
pre code{font-size:.85rem}
pre code::before{content:"$ ";color:var(--soft);user-select:none}
.tree{padding:1rem 1.1rem .6rem}
.tree,.tree ul{list-style:none;margin:0}
.tree ul{padding:0 0 0 1.7rem}
.tree ul>li{position:relative;padding:.45rem 0}
.tree ul>li::before{content:"";position:absolute;left:-1.15rem;top:-.2rem;width:.75rem;height:1.45rem;
border:solid var(--rule);border-width:0 0 1.5px 1.5px;border-bottom-left-radius:6px}
.tree ul>li:not(:last-child)::after{content:"";position:absolute;left:-1.15rem;top:0;bottom:0;
border-left:1.5px solid var(--rule)}
.node{display:flex;flex-wrap:wrap;align-items:baseline;gap:.1rem .6rem}
.node strong{font-weight:650}
.tree dl{font-size:.9rem;gap:.1rem .9rem;margin:.2rem 0 .1rem}
.tree dt{min-width:5rem}
.type{color:var(--soft);overflow-wrap:anywhere}
.empty{padding:1.25rem;border:1px dashed var(--rule);border-radius:10px;color:var(--soft)}
.notes{font-size:.9rem;color:var(--soft);padding-left:1.2rem;overflow-wrap:anywhere}
.more{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;margin:1rem 0}
footer{border-top:1px solid var(--line);color:var(--soft);font-size:.85rem;padding:.6rem 0}
@media (max-width:44rem){
h1{font-size:1.4rem}
main{padding-top:1.25rem}
thead{position:absolute;left:-99rem}
tbody tr{display:block;padding:.65rem 1rem;border-top:1px solid var(--line)}
tbody tr:first-child{border-top:0}
tbody th,tbody td{display:block;border:0;padding:.08rem 0}
td.number{text-align:left}
td[data-label]::before{content:attr(data-label) " ";color:var(--soft);font-size:.85rem}
dl,.tree dl{grid-template-columns:1fr;gap:0}
dd{margin-bottom:.45rem}
.tree dd{margin-bottom:.25rem}
label{flex-basis:100%}
.tree ul{padding-left:1.25rem}
.tree ul>li::before,.tree ul>li:not(:last-child)::after{left:-.9rem}
}
@media print{footer,form{display:none}}
)";

}  // namespace

std::string_view style_text() {
  return style;
}

std::string policy() {
  const auto hash = sigstore::crypto::sha256(sigstore::as_bytes(style));
  return "default-src 'none'; style-src 'sha256-" + sigstore::codec::base64::encode(hash) +
         "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
}

}  // namespace server::registry::page
