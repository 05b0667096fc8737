// The wall around Boost.JSON: its event parser feeds the builder below, and nothing else of it is used.
#include "sigstore/codec/json.h"

#include <boost/json/basic_parser_impl.hpp>
#include <exception>
#include <optional>
#include <set>

#include "sigstore/codec/internal/json_refusal.h"

namespace sigstore::codec::json {
namespace {

using boost::json::error_code;
using boost::json::string_view;

// An array or object whose end has not been seen.
struct Open {
  bool is_object = false;
  Array array;
  Object object;
  std::string key;                           // of the member whose value comes next
  std::set<std::string, std::less<>> names;  // of the members; kept above `few` only
};

// Receives the parser's events and builds the value. A function that returns false has set `ec`.
class Builder {
 public:
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_object_size = max_array_size;
  static constexpr std::size_t max_string_size = max_array_size;
  static constexpr std::size_t max_key_size = max_array_size;

  explicit Builder(std::size_t max_values) : values_left_(max_values) {}

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_array_begin(error_code&) { return open(false); }
  bool on_object_begin(error_code&) { return open(true); }
  bool on_array_end(std::size_t, error_code& ec) { return close(ec); }
  bool on_object_end(std::size_t, error_code& ec) { return close(ec); }
  bool on_key_part(string_view part, std::size_t, error_code&) { return collect(part); }
  bool on_key(string_view part, std::size_t, error_code& ec) { return collect(part) && name_member(ec); }
  bool on_string_part(string_view part, std::size_t, error_code&) { return collect(part); }
  bool on_string(string_view part, std::size_t, error_code& ec) {
    return collect(part) && add(take_text(), ec);
  }
  bool on_number_part(string_view part, error_code&) { return collect(part); }
  bool on_int64(std::int64_t, string_view part, error_code& ec) { return add_number(part, ec); }
  bool on_uint64(std::uint64_t, string_view part, error_code& ec) { return add_number(part, ec); }
  bool on_double(double, string_view part, error_code& ec) { return add_number(part, ec); }
  bool on_bool(bool value, error_code& ec) { return add(value, ec); }
  bool on_null(error_code& ec) { return add(nullptr, ec); }
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }

  [[nodiscard]] Value take() { return std::move(*root_); }
  // What this builder itself refused, if it did.
  [[nodiscard]] const std::optional<Error>& refusal() const { return refusal_; }

 private:
  static constexpr std::size_t few = 16;  // up to here comparing one by one is faster than a set

  bool refuse(Code code, std::string why, error_code& ec) {
    refusal_ = Error{code, std::move(why), {}, {}};
    ec = boost::json::make_error_code(boost::json::error::input_error);
    return false;
  }

  bool collect(string_view part) {
    text_.append(part.data(), part.size());
    return true;
  }

  std::string take_text() { return std::exchange(text_, {}); }

  bool open(bool is_object) {
    open_.emplace_back().is_object = is_object;
    return true;
  }

  bool close(error_code& ec) {
    Open done = std::move(open_.back());
    open_.pop_back();
    return done.is_object ? add(std::move(done.object), ec) : add(std::move(done.array), ec);
  }

  bool add_number(string_view part, error_code& ec) { return collect(part) && add(Number{take_text()}, ec); }

  bool add(Value value, error_code& ec) {
    if (values_left_-- == 0) return refuse(Code::too_large, "too many values", ec);
    if (open_.empty())
      root_ = std::move(value);
    else if (auto& parent = open_.back(); parent.is_object)
      parent.object.append(std::move(parent.key), std::move(value));
    else
      parent.array.push_back(std::move(value));
    return true;
  }

  bool name_member(error_code& ec) {
    auto& parent = open_.back();
    parent.key = take_text();
    if (is_new(parent)) return true;
    return refuse(Code::malformed, name_twice(parent.key), ec);
  }

  static bool is_new(Open& parent) {
    const auto& members = parent.object.members();
    if (members.size() < few) return parent.object.find(parent.key) == nullptr;
    if (parent.names.empty()) {
      for (const auto& member : members) parent.names.insert(member.key);
    }
    return parent.names.insert(parent.key).second;
  }

  std::vector<Open> open_;
  std::string text_;  // of the string, key or number that is being read
  std::optional<Value> root_;
  std::size_t values_left_;
  std::optional<Error> refusal_;
};

Result<Value> parse_bounded(std::string_view text, std::string_view what, const ParseOptions& options) {
  boost::json::parse_options strict;
  strict.max_depth = options.max_depth;
  boost::json::basic_parser<Builder> parser(strict, options.max_values);
  error_code ec;
  const auto used = parser.write_some(false, text.data(), text.size(), ec);
  if (const auto& refusal = parser.handler().refusal()) {
    return refuse_text(what, text, used, refusal->code, refusal->message);
  }
  if (ec == boost::json::error::too_deep) {
    return refuse_text(what, text, used, Code::too_large, too_many_levels(options.max_depth));
  }
  if (ec) return refuse_text(what, text, used, Code::malformed, ec.message());
  if (used < text.size()) return refuse_text(what, text, used, Code::malformed, "text follows the document");
  return parser.handler().take();
}

}  // namespace

Result<Value> parse(std::string_view text, std::string_view what, const ParseOptions& options) {
  if (text.size() > options.max_bytes) return refuse_size(what, text.size(), options.max_bytes);
  try {
    return parse_bounded(text, what, options);
  } catch (const std::exception& e) {
    return fail(Code::internal, std::string(what) + " could not be read as JSON", e.what());
  }
}

}  // namespace sigstore::codec::json
