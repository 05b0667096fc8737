// Strict JSON in, Go-compatible JSON out. The one wall around Boost.JSON.
//
// Reading refuses what other readers silently bend: duplicate keys, invalid UTF-8, lone surrogates, depth
// above limits::json_depth, anything after the document. Numbers keep their text, so nothing is lost. Writing
// is Go's encoding/json: compact, `<`, `>`, `&`, U+2028 and U+2029 escaped, no slash escape, members in the
// order they were put in (Object keeps order; sort before writing where Go would sort a map).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "sigstore/base/limits.h"
#include "sigstore/base/result.h"

namespace sigstore::codec::json {

class Value;
struct Member;
using Array = std::vector<Value>;

struct Null {
  friend bool operator==(Null, Null) = default;
};
// The number as it stood in the text, e.g. "12345678901234567890" or "1.0".
struct Number {
  std::string text;
  friend bool operator==(const Number&, const Number&) = default;
};

// An object that keeps the order of its members. Keys are unique when it came from parse().
class Object {
 public:
  Object();
  Object(std::initializer_list<Member> members);
  Object(const Object&);
  Object(Object&&) noexcept;
  Object& operator=(const Object&);
  Object& operator=(Object&&) noexcept;
  ~Object();
  [[nodiscard]] const Value* find(std::string_view key) const;  // nullptr when absent
  [[nodiscard]] Value* find(std::string_view key);
  void set(std::string key, Value value);     // replaces in place, or appends
  void append(std::string key, Value value);  // without looking: the caller knows that the key is new
  bool erase(std::string_view key);
  [[nodiscard]] const std::vector<Member>& members() const { return members_; }
  [[nodiscard]] bool empty() const;
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] Object sorted() const;                   // keys in byte order, this level only
  friend bool operator==(const Object&, const Object&);  // the order of members counts

 private:
  std::vector<Member> members_;
};

class Value {
 public:
  Value() : data_(Null{}) {}
  Value(std::nullptr_t) : data_(Null{}) {}
  Value(bool b) : data_(b) {}
  Value(int n) : Value(static_cast<std::int64_t>(n)) {}
  Value(std::int64_t n) : data_(Number{std::to_string(n)}) {}
  Value(std::uint64_t n) : data_(Number{std::to_string(n)}) {}
  Value(Number n) : data_(std::move(n)) {}
  Value(const char* s) : data_(std::string(s)) {}
  Value(std::string_view s) : data_(std::string(s)) {}
  Value(std::string s) : data_(std::move(s)) {}
  Value(Array a);
  Value(Object o);

  [[nodiscard]] bool is_null() const { return std::holds_alternative<Null>(data_); }
  // nullptr when the value is of another type.
  [[nodiscard]] const bool* boolean() const { return std::get_if<bool>(&data_); }
  [[nodiscard]] const Number* number() const { return std::get_if<Number>(&data_); }
  [[nodiscard]] const std::string* string() const { return std::get_if<std::string>(&data_); }
  [[nodiscard]] const Array* array() const { return std::get_if<Array>(&data_); }
  [[nodiscard]] const Object* object() const { return std::get_if<Object>(&data_); }
  [[nodiscard]] Array* array() { return std::get_if<Array>(&data_); }
  [[nodiscard]] Object* object() { return std::get_if<Object>(&data_); }
  // The member of an object, or nullptr when this is no object or has no such member.
  [[nodiscard]] const Value* get(std::string_view key) const;
  // The number as an integer; Code::malformed when it is no number, has a fraction, or does not fit.
  [[nodiscard]] Result<std::int64_t> to_int64() const;
  [[nodiscard]] Result<std::uint64_t> to_uint64() const;

  friend bool operator==(const Value&, const Value&) = default;

 private:
  std::variant<Null, bool, Number, std::string, Array, Object> data_;
};

struct Member {
  std::string key;
  Value value;
  friend bool operator==(const Member&, const Member&) = default;
};

inline Object::Object() = default;
inline Object::Object(const Object&) = default;
inline Object::Object(Object&&) noexcept = default;
inline Object& Object::operator=(const Object&) = default;
inline Object& Object::operator=(Object&&) noexcept = default;
inline Object::~Object() = default;
inline bool Object::empty() const {
  return members_.empty();
}
inline std::size_t Object::size() const {
  return members_.size();
}

struct ParseOptions {
  std::size_t max_depth = limits::json_depth;
  std::size_t max_bytes = limits::json_bytes;
  std::size_t max_values = limits::json_values;
};

// Code::malformed with line and column; Code::too_large above a bound. `what` names the document in messages.
Result<Value> parse(std::string_view text, std::string_view what, const ParseOptions& options = {});

std::string write(const Value& value);                       // compact, Go's escapes
std::string write_indented(const Value& value, int spaces);  // json.MarshalIndent, Go's escapes
std::string write_plain(const Value& value);  // compact, escapes only what JSON must (protojson)
std::string quote(std::string_view text);     // one string, with its quotes

// --- reading members: each error names `what` and the key
Result<const Object*> need_object(const Value& value, std::string_view what);
Result<std::string> need_string(const Object& object, std::string_view key, std::string_view what);
Result<std::string> optional_string(const Object& object, std::string_view key,
                                    std::string_view what);  // "" when absent
Result<const Object*> optional_object(const Object& object, std::string_view key,
                                      std::string_view what);  // nullptr when absent or null
Result<const Array*> optional_array(const Object& object, std::string_view key,
                                    std::string_view what);  // nullptr when absent or null
Result<std::uint64_t> need_uint64(const Object& object, std::string_view key, std::string_view what);

}  // namespace sigstore::codec::json
