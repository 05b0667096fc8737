#include "cosign/args/csv.h"

namespace cosign {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;

namespace {

// The field after an opening quote; takes the closing quote.
Result<std::string> quoted_field(std::string_view& text) {
  std::string field;
  while (!text.empty()) {
    const char c = text[0];
    text.remove_prefix(1);
    if (c != '"') {
      field += c;
      continue;
    }
    if (!text.starts_with('"')) return field;
    field += '"';
    text.remove_prefix(1);
  }
  return fail(Code::invalid_argument, "has a quote that is not closed");
}

Result<std::string> plain_field(std::string_view& text) {
  std::string field(text.substr(0, text.find(',')));
  text.remove_prefix(field.size());
  if (field.find('"') != std::string::npos) return fail(Code::invalid_argument, "has a quote inside a field");
  return field;
}

}  // namespace

Result<std::vector<std::string>> split_csv(std::string_view text) {
  std::vector<std::string> fields;
  if (text.empty()) return fields;
  while (true) {
    const bool quoted = text.starts_with('"');
    if (quoted) text.remove_prefix(1);
    TRY(std::string field, quoted ? quoted_field(text) : plain_field(text));
    fields.push_back(std::move(field));
    if (text.empty()) return fields;
    if (text[0] != ',') return fail(Code::invalid_argument, "has text after a closing quote");
    text.remove_prefix(1);
  }
}

}  // namespace cosign
