#include <algorithm>
#include <charconv>

#include "sigstore/codec/json.h"

namespace sigstore::codec::json {
namespace {

template <typename T>
Result<T> to_integer(const Value& value) {
  const auto* number = value.number();
  if (number == nullptr) return fail(Code::malformed, "not a number");
  T out = 0;
  const char* end = number->text.data() + number->text.size();
  const auto [stop, error] = std::from_chars(number->text.data(), end, out);
  if (error != std::errc{} || stop != end) {
    return fail(Code::malformed, "not an integer in range: " + number->text.substr(0, 64));
  }
  return out;
}

std::string member_name(std::string_view what, std::string_view key) {
  return std::string(what) + ": " + std::string(key);
}

std::unexpected<Error> wrong_type(std::string_view what, std::string_view key, std::string_view wanted) {
  return fail(Code::malformed, member_name(what, key) + " is not " + std::string(wanted));
}

std::unexpected<Error> missing(std::string_view what, std::string_view key) {
  return fail(Code::malformed, member_name(what, key) + " is missing");
}

}  // namespace

Object::Object(std::initializer_list<Member> members) : members_(members) {}

const Value* Object::find(std::string_view key) const {
  const auto at = std::ranges::find(members_, key, &Member::key);
  return at == members_.end() ? nullptr : &at->value;
}

Value* Object::find(std::string_view key) {
  return const_cast<Value*>(std::as_const(*this).find(key));
}

void Object::set(std::string key, Value value) {
  if (auto* present = find(key))
    *present = std::move(value);
  else
    append(std::move(key), std::move(value));
}

void Object::append(std::string key, Value value) {
  members_.push_back({std::move(key), std::move(value)});
}

bool Object::erase(std::string_view key) {
  return std::erase_if(members_, [&](const Member& member) { return member.key == key; }) != 0;
}

Object Object::sorted() const {
  Object copy = *this;
  std::ranges::sort(copy.members_, {}, &Member::key);
  return copy;
}

bool operator==(const Object& a, const Object& b) {
  return a.members_ == b.members_;
}

Value::Value(Array a) : data_(std::move(a)) {}
Value::Value(Object o) : data_(std::move(o)) {}

const Value* Value::get(std::string_view key) const {
  const auto* members = object();
  return members == nullptr ? nullptr : members->find(key);
}

Result<std::int64_t> Value::to_int64() const {
  return to_integer<std::int64_t>(*this);
}
Result<std::uint64_t> Value::to_uint64() const {
  return to_integer<std::uint64_t>(*this);
}

Result<const Object*> need_object(const Value& value, std::string_view what) {
  if (const auto* object = value.object()) return object;
  return fail(Code::malformed, std::string(what) + " is not a JSON object");
}

Result<std::string> need_string(const Object& object, std::string_view key, std::string_view what) {
  const auto* value = object.find(key);
  if (value == nullptr) return missing(what, key);
  if (value->string() == nullptr) return wrong_type(what, key, "a string");
  return *value->string();
}

Result<std::string> optional_string(const Object& object, std::string_view key, std::string_view what) {
  const auto* value = object.find(key);
  if (value == nullptr || value->is_null()) return std::string();
  if (value->string() == nullptr) return wrong_type(what, key, "a string");
  return *value->string();
}

Result<const Object*> optional_object(const Object& object, std::string_view key, std::string_view what) {
  const auto* value = object.find(key);
  if (value == nullptr || value->is_null()) return nullptr;
  if (value->object() == nullptr) return wrong_type(what, key, "an object");
  return value->object();
}

Result<const Array*> optional_array(const Object& object, std::string_view key, std::string_view what) {
  const auto* value = object.find(key);
  if (value == nullptr || value->is_null()) return nullptr;
  if (value->array() == nullptr) return wrong_type(what, key, "an array");
  return value->array();
}

Result<std::uint64_t> need_uint64(const Object& object, std::string_view key, std::string_view what) {
  const auto* value = object.find(key);
  if (value == nullptr) return missing(what, key);
  const auto number = value->to_uint64();
  if (!number) return fail(number.error().wrap(member_name(what, key) + " is not a size"));
  return *number;
}

}  // namespace sigstore::codec::json
