// A PKCS#11 module: a shared library of somebody else, opened, initialized and finalized. What it says is
// bounded by whoever asks; what it does in this process is why this process is not the program itself.
#pragma once

#include <memory>

#include "pkcs11/internal/failure.h"

namespace pkcs11 {

class Module {
 public:
  // Failure "module": it cannot be opened, or is none; the detail says why.
  static Attempt<std::unique_ptr<Module>> open(const std::string& path);
  ~Module();
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;

  // Every function that is used here is in it.
  [[nodiscard]] const CK_FUNCTION_LIST& functions() const { return *functions_; }

 private:
  explicit Module(const CK_FUNCTION_LIST* functions) : functions_(functions) {}

  const CK_FUNCTION_LIST* functions_;
  bool initialized_ = false;
};

}  // namespace pkcs11
