// Strict YAML in, as values of JSON. The one wall around libyaml, whose grammar is also that of Kubernetes'
// own reader (go-yaml is a port of it): what is read here is what a cluster would be given.
//
// Refused, each with its line and column: a key that stands twice, a key that is no scalar, an alias to what
// is not there yet or to what contains it, tags beyond YAML's own simple ones, text that is not UTF-8. An
// alias is replaced by what it names, and `<<` merges as in YAML 1.1; both count against the bounds, so that
// a small file cannot stand for a large one.
//
// A scalar without quotes and tag is null, true, false or a number only where JSON has that very text (and
// for
// "~", an empty one, and the capitals of YAML 1.2); everything else is a string: yes, 0755, 1_000,
// 2026-11-28.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/limits.h"
#include "sigstore/codec/json.h"

namespace sigstore::codec::yaml {

struct Document {
  json::Value value;     // null: there is nothing in it
  std::size_t line = 1;  // where it begins
};

struct ParseOptions {
  std::size_t max_bytes = limits::yaml_bytes;  // of the text, and of all scalars with aliases expanded
  std::size_t max_values = limits::yaml_values;
  std::size_t max_documents = limits::yaml_documents;
  std::size_t max_depth = limits::json_depth;
};

// All documents of a text, in order. Code::malformed, or Code::too_large above a bound. `what` names the text
// in messages.
Result<std::vector<Document>> parse(std::string_view text, std::string_view what,
                                    const ParseOptions& options = {});

}  // namespace sigstore::codec::yaml
