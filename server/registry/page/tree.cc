// The tree of what hangs on an image: as nested lists, and as the document of `cosign tree`.
#include "server/registry/page/format.h"
#include "server/registry/page/image.h"
#include "server/registry/page/repository.h"
#include "sigstore/codec/json.h"

namespace server::registry::page {

namespace json = sigstore::codec::json;
namespace limits = sigstore::limits;
namespace store = sigstore::store;
using html::attribute;
using html::el;
using html::Html;
using html::of;
using store::Attachment;
using Kind = Attachment::Kind;
using Standing = Signer::Standing;

namespace {

constexpr std::size_t long_text = 300;
constexpr std::size_t signers_shown = 50;
constexpr std::size_t annotations_shown = 20;

std::string annotation(const sigstore::oci::Annotations& annotations, const char* key) {
  const auto found = annotations.find(key);
  return found == annotations.end() ? "" : found->second;
}

std::string title_of(const Attachment& attachment, bool has_signers) {
  switch (attachment.kind) {
    case Kind::signatures:
      return "Signatures";
    case Kind::attestations:
      return "Attestations";
    case Kind::sboms:
      return "SBOM";
    case Kind::referrer:
      break;
  }
  const auto known = known_type(attachment.type);
  if (!known.empty()) return std::string(known);
  return has_signers ? "Attestation" : "Artifact";
}

Html standing_badge(const Signer& signer) {
  switch (signer.standing) {
    case Standing::verified:
      return badge(Tone::good, "verified");
    case Standing::refused:
      return badge(Tone::bad, "does not count");
    case Standing::unknown:
      return badge(Tone::careful, "no known key");
    case Standing::unreadable:
      return badge(Tone::bad, "cannot be read");
    case Standing::unchecked:
      return badge(Tone::plain, "not verified");
  }
  return {};
}

std::string short_key(const std::string& fingerprint) {
  const std::size_t shown = std::string_view("sha256:").size() + 16;
  return fingerprint.size() > shown ? fingerprint.substr(0, shown) + "…" : fingerprint;
}

Html key_code(const std::string& fingerprint) {
  return el("code", attribute("title", fingerprint), short_key(fingerprint));
}

// What was found out; nothing that was merely claimed.
Html finding(const Signer& signer) {
  Html text;
  if (signer.standing == Standing::verified || signer.standing == Standing::refused)
    text.add("with ").add(el("strong", signer.key_name)).add(" (").add(key_code(signer.key)).add(")");
  if (signer.standing == Standing::unknown) text.add("signed by no key that this registry was given");
  if (!signer.detail.empty())
    text.add(text.empty() ? "" : ": ").add(html::shortened(signer.detail, long_text));
  return text;
}

void claim(Html& list, std::string_view name, const Html& value) {
  list.add(el("dt", name)).add(el("dd", value));
}
void claim(Html& list, std::string_view name, const std::string& value) {
  if (!value.empty()) claim(list, name, Html().add(html::shortened(value, long_text)));
}

Html claims(const Signer& signer) {
  Html list;
  const bool proven = signer.standing == Standing::verified;
  if (!signer.claimed_key.empty() && !proven) claim(list, "Claims key", key_code(signer.claimed_key));
  claim(list, "Claims identity", signer.claimed_identity);
  claim(list, "Claims issuer", signer.claimed_issuer);
  if (!is_signature(signer)) claim(list, proven ? "Predicate" : "Claims predicate", signer.type);
  claim(list, proven ? "Signed as" : "Claims image", signer.reference);
  std::size_t shown = 0;
  for (const auto& [key, value] : signer.annotations)
    if (shown++ < annotations_shown)
      claim(list, proven ? "Annotation" : "Claims annotation", std::string(key).append("=").append(value));
  return list.empty() ? list : el("dl", list);
}

Html item(const Signer& signer) {
  return el("li", of("div", "node", standing_badge(signer), el("span", finding(signer))), claims(signer));
}

Html signers_list(const std::vector<Signer>& signers) {
  Html items;
  for (std::size_t i = 0; i < std::min(signers.size(), signers_shown); ++i) items.add(item(signers[i]));
  if (signers.size() > signers_shown)
    items.add(of("li", "meta", "and " + std::to_string(signers.size() - signers_shown) + " more"));
  return el("ul", items);
}

// Where it is, since when, and how large.
Html whereabouts(const ImageView& view, const Attachment& attachment) {
  const auto& descriptor = attachment.descriptor;
  std::uint64_t bytes = 0;
  for (const auto& layer : attachment.layers) bytes += layer.size;
  const std::string created =
      time_text(annotation(descriptor.annotations, "org.opencontainers.image.created"));
  Html text = el("a", href(image_path(view.reference.repository.path, descriptor.digest)),
                 digest_code(descriptor.digest));
  text.add(" · " + size_text(bytes));
  if (!created.empty()) text.add(" · says it was made " + created);
  return text.add(attachment.kind == Kind::referrer ? " · referrer" : " · tag beside the image");
}

Html item(const ImageView& view, const Attachment& attachment) {
  const auto found = view.survey->answer.signers.find(attachment.location);
  const bool has_signers = found != view.survey->answer.signers.end();
  Html node = el("strong", title_of(attachment, has_signers));
  if (!attachment.type.empty()) node.add(of("code", "type", html::shortened(attachment.type, long_text)));
  return el("li", of("div", "node", node), of("div", "meta", whereabouts(view, attachment)),
            has_signers ? signers_list(found->second) : Html());
}

Html notes_of(const store::Attachments& all) {
  Html notes;
  std::size_t shown = 0;
  for (const std::string& note : all.notes)
    if (shown++ < signers_shown) notes.add(el("li", html::shortened(note, long_text)));
  for (const sigstore::Error& failure : all.failures)
    if (shown++ < signers_shown)
      notes.add(el("li", "not looked at: " + html::shortened(failure.text(), long_text)));
  if (all.truncated) notes.add(el("li", "there are more than are looked at"));
  if (all.found.size() > limits::page_artifacts)
    notes.add(el("li", "the first " + std::to_string(limits::page_artifacts) + " of " +
                           std::to_string(all.found.size()) + " are shown; as JSON you get all"));
  return notes.empty() ? notes : of("ul", "notes", notes);
}

// What the words on the badges mean here.
Html legend(const ImageView& view) {
  if (view.survey->attachments.found.empty()) return {};
  if (view.keys.keys.empty())
    return of("p", "meta", "Nothing here is verified: it is what somebody with push access says.");
  std::string names;
  for (const auto& key : view.keys.keys) names += (names.empty() ? "" : ", ") + key.name;
  return of("p", "meta",
            "Checked with the keys that this registry was given (" + html::shortened(names, long_text) +
                "); no transparency log was asked. Whatever is claimed is not verified.");
}

json::Value render(const Signer& signer) {
  json::Object object{{"standing", name(signer.standing)}, {"digest", signer.digest.text()}};
  const auto set = [](json::Object& in, const char* key, const std::string& value) {
    if (!value.empty()) in.set(key, value);
  };
  set(object, "key", signer.key);
  set(object, "keyName", signer.key_name);
  set(object, "detail", signer.detail);
  json::Object claimed, annotations;
  set(claimed, "key", signer.claimed_key);
  set(claimed, "identity", signer.claimed_identity);
  set(claimed, "issuer", signer.claimed_issuer);
  set(claimed, "type", signer.type);
  set(claimed, "dockerReference", signer.reference);
  for (const auto& [key, value] : signer.annotations) annotations.append(key, value);
  if (!annotations.empty()) claimed.set("annotations", std::move(annotations));
  object.set("claims", std::move(claimed));
  return object;
}

void add_signers(json::Object& document, const ImageView& view) {
  json::Array& artifacts = *document.find("artifacts")->array();
  for (std::size_t i = 0; i < artifacts.size(); ++i) {
    json::Array signers;
    const auto found = view.survey->answer.signers.find(view.survey->attachments.found[i].location);
    if (found != view.survey->answer.signers.end())
      for (const Signer& signer : found->second) signers.push_back(render(signer));
    artifacts[i].object()->set("signers", std::move(signers));
  }
}

}  // namespace

Html tree_of(const ImageView& view) {
  const store::Attachments& all = view.survey->attachments;
  if (all.found.empty())
    return empty_note(all.failures.empty() ? "Nothing hangs on it: no signature, no attestation, no SBOM."
                                           : "What hangs on it could not be looked at.")
        .add(notes_of(all));
  Html items;
  for (std::size_t i = 0; i < std::min(all.found.size(), limits::page_artifacts); ++i)
    items.add(item(view, all.found[i]));
  const Html root = el(
      "li", of("div", "node", el("strong", kind_text(view.facts)), digest_code(view.facts.descriptor.digest)),
      el("ul", items));
  return of("div", "card", of("ul", "tree", root)).add(notes_of(all)).add(legend(view));
}

std::string as_json(const ImageView& view, bool signers) {
  const store::Tree tree{view.reference, view.facts.descriptor.digest, view.survey->attachments};
  json::Object document = store::document(tree);
  if (signers) add_signers(document, view);
  return json::write_indented(document, 2);
}

}  // namespace server::registry::page
