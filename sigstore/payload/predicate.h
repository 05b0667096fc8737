// Predicates of attestations: what `--type` names, and how a file becomes the predicate of a statement. The
// bytes of a JSON predicate stand in the statement as they are, but for white space around the document:
// numbers keep their digits, members their order, and nothing is left out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/env.h"
#include "sigstore/payload/statement.h"

namespace sigstore::payload {

struct PredicateType {
  enum class Form {
    wrapped,  // any text, as {"Data": the text, "Timestamp": now}
    text,     // any text, as a JSON string
    object    // a JSON object, as it is
  };
  std::string uri;
  Form form = Form::object;
  std::string what = "the predicate";      // in messages
  std::vector<std::string_view> required;  // members that the object must have, as cosign 2 checks them

  // A short name, or an absolute URI (predicate_uri()).
  static Result<PredicateType> parse(std::string_view typed);
};

// The predicate that `file` is, as the bytes that stand in the statement. Code::malformed for what is no JSON
// or no object, has a name twice or lacks a required member, and for text that is not UTF-8.
Result<std::string> make_predicate(const PredicateType& type, std::string file, Time now);

// An in-toto statement v0.1, as `cosign attest` writes it.
std::string write_statement(const Subject& subject, std::string_view predicate_type,
                            std::string_view predicate);

// Whether two statements say the same of `digest`: types and predicate are equal, byte for byte, and both
// name it with the same subject. The time that a wrapped predicate was made at does not count.
bool say_the_same(std::string_view one, std::string_view other, const oci::Digest& digest);

}  // namespace sigstore::payload
