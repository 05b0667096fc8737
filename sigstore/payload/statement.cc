#include "sigstore/payload/statement.h"

#include "sigstore/base/limits.h"

namespace sigstore::payload {

namespace json = codec::json;

namespace {

constexpr std::string_view what = "the in-toto statement";

std::unexpected<Error> too_many(std::string_view where, std::string_view things) {
  return fail(Code::too_large, std::string(where) + " has too many " + std::string(things));
}

Result<std::map<std::string, std::string>> read_digests(const json::Object& subject, std::string_view where) {
  TRY(const auto* digests, json::optional_object(subject, "digest", where));
  std::map<std::string, std::string> out;
  if (digests == nullptr) return out;
  if (digests->size() > limits::digests_per_subject) return too_many(where, "digests");
  for (const auto& [algorithm, hex] : digests->members()) {
    if (hex.string() == nullptr)
      return fail(Code::malformed, std::string(where) + " has a digest that is not a string");
    out.emplace(algorithm, *hex.string());
  }
  return out;
}

Result<oci::Annotations> read_annotations(const json::Object& subject, std::string_view where) {
  TRY(const auto* annotations, json::optional_object(subject, "annotations", where));
  oci::Annotations out;
  if (annotations == nullptr) return out;
  if (annotations->size() > limits::annotations) return too_many(where, "annotations");
  for (const auto& [name, value] : annotations->members()) {
    if (const auto* text = value.string()) out.emplace(name, *text);
  }
  return out;
}

Result<Subject> read_subject(const json::Value& value, std::string_view where) {
  TRY(const auto* object, json::need_object(value, where));
  Subject out;
  TRY(out.name, json::optional_string(*object, "name", where));
  TRY(out.digests, read_digests(*object, where));
  TRY(out.annotations, read_annotations(*object, where));
  return out;
}

Result<std::vector<Subject>> read_subjects(const json::Object& statement) {
  TRY(const auto* array, json::optional_array(statement, "subject", what));
  if (array == nullptr || array->empty())
    return fail(Code::malformed, std::string(what) + " names no subject");
  if (array->size() > limits::statement_subjects) return too_many(what, "subjects");
  std::vector<Subject> out;
  for (const auto& element : *array) {
    TRY(auto subject,
        read_subject(element, std::string(what) + ": subject[" + std::to_string(out.size()) + "]"));
    out.push_back(std::move(subject));
  }
  return out;
}

}  // namespace

// The predicate is checked with the rest, but no values are made of it: it may be a hundred megabytes.
Result<Statement> Statement::parse(std::string_view text) {
  json::ParseOptions options;
  options.max_bytes = limits::attachment_bytes;
  TRY(const auto scanned, json::scan(text, what, {"predicate"}, options));
  const json::Span* predicate = scanned.find("predicate");
  const std::string rest = predicate == nullptr ? std::string(text) : predicate->cut(text, "null");
  TRY(const auto document, json::parse(rest, what));
  TRY(const auto* object, json::need_object(document, what));
  Statement out;
  TRY(out.type, json::need_string(*object, "_type", what));
  if (out.type != statement_v01 && out.type != statement_v1) {
    return fail(Code::malformed, std::string(what) + " has another _type",
                json::quote(out.type.substr(0, 200)));
  }
  TRY(out.subjects, read_subjects(*object));
  TRY(out.predicate_type, json::need_string(*object, "predicateType", what));
  if (out.predicate_type.empty())
    return fail(Code::malformed, std::string(what) + " has an empty predicateType");
  if (predicate != nullptr) out.predicate = *predicate;
  return out;
}

const Subject* Statement::subject_for(const oci::Digest& digest) const {
  if (digest == oci::Digest()) return nullptr;
  for (const auto& subject : subjects) {
    const auto at = subject.digests.find(std::string(digest.algorithm()));
    if (at != subject.digests.end() && at->second == digest.hex()) return &subject;
  }
  return nullptr;
}

std::string write_sign_statement(const oci::Digest& digest, const oci::Annotations& annotations) {
  json::Object claims;
  for (const auto& [name, value] : annotations) claims.append(name, value);
  const json::Object subject{{"digest", json::Object{{std::string(digest.algorithm()), digest.hex()}}},
                             {"annotations", claims}};
  return json::write_plain(json::Object{{"_type", statement_v1},
                                        {"subject", json::Array{subject}},
                                        {"predicateType", cosign_sign_predicate},
                                        {"predicate", json::Object()}});
}

}  // namespace sigstore::payload
