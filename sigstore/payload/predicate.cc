#include "sigstore/payload/predicate.h"

#include <algorithm>
#include <array>
#include <span>

#include "sigstore/base/limits.h"
#include "sigstore/codec/rfc3339.h"
#include "sigstore/payload/predicate_type.h"

namespace sigstore::payload {

namespace json = codec::json;

namespace {

using Form = PredicateType::Form;

constexpr std::string_view custom_uri = "https://cosign.sigstore.dev/attestation/v1";

constexpr std::string_view slsa02_members[] = {"builder", "buildType"};
constexpr std::string_view slsa1_members[] = {"buildDefinition", "runDetails"};
constexpr std::string_view link_members[] = {"_type",      "name",    "materials",  "products",
                                             "byproducts", "command", "environment"};

// The short names that are more than any JSON object.
struct Special {
  std::string_view name;
  Form form = Form::object;
  std::string_view what = "the predicate";
  std::span<const std::string_view> required = {};
};
constexpr std::array specials{
    Special{"slsaprovenance", Form::object, "provenance predicate", slsa02_members},
    Special{"slsaprovenance02", Form::object, "provenance predicate", slsa02_members},
    Special{"slsaprovenance1", Form::object, "provenance predicate", slsa1_members},
    Special{"link", Form::object, "link statement", link_members},
    Special{"spdx", Form::text},
    Special{"custom", Form::wrapped},
};

json::ParseOptions bounds() {
  json::ParseOptions options;
  options.max_bytes = limits::predicate_bytes;
  return options;
}

Result<void> check_members(const PredicateType& type, std::string_view text) {
  if (type.required.empty()) return {};
  TRY(const auto document, json::parse(text, type.what, bounds()));
  for (const auto name : type.required)
    if (document.get(name) == nullptr)
      return fail(Code::malformed, type.what + ": required field " + std::string(name) + " missing");
  return {};
}

Result<std::string> from_object(const PredicateType& type, std::string file) {
  TRY(const auto scanned, json::scan(file, type.what, {}, bounds()));
  if (scanned.root.kind != json::Kind::object)
    return fail(Code::malformed, "invalid JSON payload for predicate type " + type.uri,
                "it is no JSON object, which this type has to be",
                "--type custom takes any text, and wraps it");
  TRY_OK(check_members(type, file));
  file.resize(scanned.root.offset + scanned.root.size);
  file.erase(0, scanned.root.offset);
  return file;
}

Result<std::string> from_text(const PredicateType& type, const std::string& file, Time now) {
  if (file.size() > limits::predicate_bytes)
    return fail(Code::too_large, type.what + " is too large",
                "at most " + std::to_string(limits::predicate_bytes) + " bytes are read");
  if (!json::is_utf8(file))
    return fail(Code::malformed, type.what + " is not UTF-8 text",
                "a statement is JSON, in which it cannot stand as it is", "attest its base64 form");
  if (type.form == Form::text) return json::write_plain(file);
  return json::write_plain(json::Object{{"Data", file}, {"Timestamp", codec::rfc3339::seconds(now)}});
}

// What the predicate of a statement says: its bytes, or what it wraps.
std::string_view said(std::string_view text, const Statement& statement, std::string& kept) {
  if (!statement.predicate) return {};
  const auto predicate = statement.predicate->in(text);
  if (statement.predicate_type != custom_uri) return predicate;
  const auto wrapped = json::scan(predicate, "the predicate", {"Data"}, bounds());
  const auto* data = wrapped ? wrapped->find("Data") : nullptr;
  if (data == nullptr || data->kind != json::Kind::string) return predicate;
  return kept = json::unquoted(data->in(predicate));
}

}  // namespace

Result<PredicateType> PredicateType::parse(std::string_view typed) {
  PredicateType out;
  TRY(out.uri, predicate_uri(typed));
  const auto* special = std::ranges::find(specials, typed, &Special::name);
  if (special == specials.end()) return out;
  out.form = special->form;
  out.what = special->what;
  out.required.assign(special->required.begin(), special->required.end());
  return out;
}

Result<std::string> make_predicate(const PredicateType& type, std::string file, Time now) {
  if (type.form == Form::object) return from_object(type, std::move(file));
  return from_text(type, file, now);
}

std::string write_statement(const Subject& subject, std::string_view predicate_type,
                            std::string_view predicate) {
  json::Object digests;
  for (const auto& [algorithm, hex] : subject.digests) digests.append(algorithm, hex);
  const json::Array subjects{json::Object{{"name", subject.name}, {"digest", std::move(digests)}}};
  std::string out = R"({"_type":")" + std::string(statement_v01) + R"(","subject":)";
  out += json::write_plain(subjects) + R"(,"predicateType":)";
  out += json::write_plain(predicate_type) + R"(,"predicate":)";
  out.reserve(out.size() + predicate.size() + 1);
  out += predicate;
  out += '}';
  return out;
}

bool say_the_same(std::string_view one, std::string_view other, const oci::Digest& digest) {
  const auto a = Statement::parse(one);
  const auto b = Statement::parse(other);
  if (!a || !b || a->type != b->type || a->predicate_type != b->predicate_type) return false;
  const auto* subject = a->subject_for(digest);
  const auto* same = b->subject_for(digest);
  if (subject == nullptr || same == nullptr || *subject != *same) return false;
  std::string kept_a, kept_b;
  return said(one, *a, kept_a) == said(other, *b, kept_b);
}

}  // namespace sigstore::payload
