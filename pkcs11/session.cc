#include "pkcs11/internal/session.h"

#include <array>
#include <cstring>
#include <utility>

#include "sigstore/base/limits.h"
#include "sigstore/base/result.h"

namespace pkcs11 {
namespace {

namespace limits = sigstore::limits;

constexpr std::size_t attribute_bytes = 64 * 1024;  // a certificate is the largest
constexpr CK_ULONG found_at_once = 64;

std::unexpected<Failure> garbage(std::string what) {
  return std::unexpected(Failure{.kind = "garbage", .detail = std::move(what)});
}

CK_ATTRIBUTE raw(CK_ATTRIBUTE_TYPE type, const void* value, std::size_t size) {
  return {type, const_cast<void*>(value), size};
}

bool is_none(CK_RV code) {
  return code == CKR_ATTRIBUTE_TYPE_INVALID || code == CKR_ATTRIBUTE_SENSITIVE;
}

}  // namespace

CK_ATTRIBUTE attribute_of(CK_ATTRIBUTE_TYPE type, sigstore::BytesView value) {
  return raw(type, value.data(), value.size());
}
CK_ATTRIBUTE attribute_of(CK_ATTRIBUTE_TYPE type, const CK_ULONG& value) {
  return raw(type, &value, sizeof value);
}
CK_ATTRIBUTE attribute_of(CK_ATTRIBUTE_TYPE type, const CK_BBOOL& value) {
  return raw(type, &value, sizeof value);
}

Attempt<Session> Session::open(const Module& module, const Token& token, bool writing) {
  CK_SESSION_HANDLE handle = 0;
  const CK_FLAGS flags = CKF_SERIAL_SESSION | (writing ? CKF_RW_SESSION : 0);
  TRY_OK(
      check("C_OpenSession", module.functions().C_OpenSession(token.slot, flags, nullptr, nullptr, &handle)));
  return Session(module, token, handle);
}

Session::Session(Session&& other) noexcept
    : module_(other.module_),
      slot_(other.slot_),
      keypad_(other.keypad_),
      handle_(std::exchange(other.handle_, std::nullopt)) {}

Session::~Session() {
  if (handle_) functions().C_CloseSession(*handle_);
}

Attempt<void> Session::login(CK_USER_TYPE user, const sigstore::Secret& pin) {
  const bool typed_there = keypad_ && pin.empty();
  auto* text = const_cast<unsigned char*>(pin.reveal_bytes().data());
  const CK_RV code = functions().C_Login(*handle_, user, typed_there ? nullptr : text, pin.size());
  if (code == CKR_USER_ALREADY_LOGGED_IN) return {};
  auto done = check("C_Login", code);
  if (!done) done.error().flags = flags_now(*module_, slot_);
  return done;
}

Attempt<std::vector<CK_OBJECT_HANDLE>> Session::find(std::vector<CK_ATTRIBUTE> wanted) const {
  const auto& call = functions();
  TRY_OK(check("C_FindObjectsInit", call.C_FindObjectsInit(*handle_, wanted.data(), wanted.size())));
  std::vector<CK_OBJECT_HANDLE> all;
  std::array<CK_OBJECT_HANDLE, found_at_once> some{};
  CK_ULONG count = found_at_once;
  while (count != 0) {
    TRY_OK(check("C_FindObjects", call.C_FindObjects(*handle_, some.data(), some.size(), &count)));
    if (count > some.size()) return garbage("more objects than were asked for");
    all.insert(all.end(), some.begin(), some.begin() + count);
    if (all.size() > limits::token_keys)
      return garbage("more than " + std::to_string(limits::token_keys) + " keys");
  }
  TRY_OK(check("C_FindObjectsFinal", call.C_FindObjectsFinal(*handle_)));
  return all;
}

Attempt<std::optional<sigstore::Bytes>> Session::attribute(CK_OBJECT_HANDLE object,
                                                           CK_ATTRIBUTE_TYPE type) const {
  CK_ATTRIBUTE asked{type, nullptr, 0};
  const auto& call = functions();
  const CK_RV sized = call.C_GetAttributeValue(*handle_, object, &asked, 1);
  if (is_none(sized)) return std::nullopt;
  TRY_OK(check("C_GetAttributeValue", sized));
  if (asked.ulValueLen == CK_UNAVAILABLE_INFORMATION) return std::nullopt;
  if (asked.ulValueLen > attribute_bytes)
    return garbage("an attribute of " + std::to_string(asked.ulValueLen) + " bytes");
  sigstore::Bytes value(asked.ulValueLen);
  asked.pValue = value.data();
  if (!value.empty())
    TRY_OK(check("C_GetAttributeValue", call.C_GetAttributeValue(*handle_, object, &asked, 1)));
  if (asked.ulValueLen > value.size()) return garbage("an attribute that is larger than it said");
  value.resize(asked.ulValueLen);
  return value;
}

Attempt<std::optional<CK_ULONG>> Session::number(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const {
  TRY(const auto value, attribute(object, type));
  CK_ULONG number = 0;
  if (!value || value->size() != sizeof number) return std::nullopt;
  std::memcpy(&number, value->data(), sizeof number);
  return number;
}

Attempt<bool> Session::boolean(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const {
  TRY(const auto value, attribute(object, type));
  return value && value->size() == 1 && value->front() != CK_FALSE;
}

}  // namespace pkcs11
