// A session with a token: who is logged in, and the objects that can be seen then.
#pragma once

#include <optional>
#include <vector>

#include "pkcs11/internal/token.h"

namespace pkcs11 {

class Session {
 public:
  static Attempt<Session> open(const Module& module, const Token& token, bool writing);
  ~Session();
  Session(Session&& other) noexcept;
  Session& operator=(Session&&) = delete;

  // As the user; a token with a keypad of its own is given no PIN. A failure has the token's flags after it.
  Attempt<void> login(const sigstore::Secret& pin) { return login(CKU_USER, pin); }
  // For the operation that has just begun.
  Attempt<void> login_again(const sigstore::Secret& pin) { return login(CKU_CONTEXT_SPECIFIC, pin); }

  // All objects that have these attributes; failure "garbage" above limits::token_keys.
  Attempt<std::vector<CK_OBJECT_HANDLE>> find(std::vector<CK_ATTRIBUTE> wanted) const;
  // nullopt where the object has no such attribute, or keeps it to itself.
  [[nodiscard]] Attempt<std::optional<sigstore::Bytes>> attribute(CK_OBJECT_HANDLE object,
                                                                  CK_ATTRIBUTE_TYPE type) const;
  [[nodiscard]] Attempt<std::optional<CK_ULONG>> number(CK_OBJECT_HANDLE object,
                                                        CK_ATTRIBUTE_TYPE type) const;
  [[nodiscard]] Attempt<bool> boolean(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const;

  [[nodiscard]] const CK_FUNCTION_LIST& functions() const { return module_->functions(); }
  [[nodiscard]] CK_SESSION_HANDLE handle() const { return *handle_; }

 private:
  Session(const Module& module, const Token& token, CK_SESSION_HANDLE handle)
      : module_(&module),
        slot_(token.slot),
        keypad_((token.flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0),
        handle_(handle) {}
  Attempt<void> login(CK_USER_TYPE user, const sigstore::Secret& pin);

  const Module* module_;
  CK_SLOT_ID slot_;
  bool keypad_;
  std::optional<CK_SESSION_HANDLE> handle_;
};

// An attribute of a template. The value must outlive it; PKCS#11 does not change it.
CK_ATTRIBUTE attribute_of(CK_ATTRIBUTE_TYPE type, sigstore::BytesView value);
CK_ATTRIBUTE attribute_of(CK_ATTRIBUTE_TYPE type, const CK_ULONG& value);
CK_ATTRIBUTE attribute_of(CK_ATTRIBUTE_TYPE type, const CK_BBOOL& value);

}  // namespace pkcs11
