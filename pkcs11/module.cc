#include "pkcs11/internal/module.h"

#include <dlfcn.h>

#include "sigstore/base/result.h"

namespace pkcs11 {
namespace {

std::unexpected<Failure> unusable(std::string why) {
  return std::unexpected(Failure{.kind = "module", .detail = std::move(why)});
}

bool complete(const CK_FUNCTION_LIST& list) {
  return list.C_Initialize != nullptr && list.C_Finalize != nullptr && list.C_GetSlotList != nullptr &&
         list.C_GetTokenInfo != nullptr && list.C_OpenSession != nullptr && list.C_CloseSession != nullptr &&
         list.C_Login != nullptr && list.C_FindObjectsInit != nullptr && list.C_FindObjects != nullptr &&
         list.C_FindObjectsFinal != nullptr && list.C_GetAttributeValue != nullptr &&
         list.C_SignInit != nullptr && list.C_Sign != nullptr && list.C_GenerateKeyPair != nullptr;
}

Attempt<const CK_FUNCTION_LIST*> functions_of(void* library) {
  const auto entry = reinterpret_cast<CK_C_GetFunctionList>(dlsym(library, "C_GetFunctionList"));
  if (entry == nullptr) return unusable("it has no C_GetFunctionList: it is no PKCS#11 module");
  CK_FUNCTION_LIST* list = nullptr;
  TRY_OK(check("C_GetFunctionList", entry(&list)));
  if (list == nullptr || !complete(*list)) return unusable("its list of functions is not complete");
  return list;
}

// With locks where the module wants them: some start threads of their own.
CK_RV initialize(const CK_FUNCTION_LIST& functions) {
  CK_C_INITIALIZE_ARGS locking{};
  locking.flags = CKF_OS_LOCKING_OK;
  const CK_RV code = functions.C_Initialize(&locking);
  if (code != CKR_CANT_LOCK && code != CKR_ARGUMENTS_BAD) return code;
  return functions.C_Initialize(nullptr);
}

}  // namespace

Attempt<std::unique_ptr<Module>> Module::open(const std::string& path) {
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* why = dlerror();
    return unusable(why == nullptr ? "" : why);
  }
  TRY(const auto functions, functions_of(library));
  std::unique_ptr<Module> module(new Module(functions));
  const CK_RV code = initialize(*functions);
  if (code != CKR_CRYPTOKI_ALREADY_INITIALIZED) TRY_OK(check("C_Initialize", code));
  module->initialized_ = true;
  return module;
}

// The library stays: many cannot be closed, and the process is at its end.
Module::~Module() {
  if (initialized_) functions_->C_Finalize(nullptr);
}

}  // namespace pkcs11
