// A PKCS#11 module for tests: one token with one P-256 key, whose signatures are none of that key.
// HOSTILE_PKCS11 says how it behaves besides. What SoftHSM cannot play: hangs, crashes, sizes that cannot be,
// locked PINs, tokens that go away.
#include <p11-kit/pkcs11.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr CK_SLOT_ID slot = 7;
constexpr CK_OBJECT_HANDLE private_key = 1, public_key = 2;
constexpr std::string_view pin = "1234";
constexpr std::string_view huge = "\xff\xff\xff\xff\xff\xff\xff\x0f";
// Of test/interop/testdata/cosign-3.1.2/keys/p256.pub.
constexpr const char* point =
    "041e3b9d2a893750870225c8c8fb2ced61b4cfb76ad996f8899185f05c69afa88dbe693874a50d13ae5384823d01b82e71c42c2b"
    "337fdd1519775b8a"
    "91a1ea2be1";

bool plays(std::string_view behaviour) {
  const char* wanted = std::getenv("HOSTILE_PKCS11");
  return wanted != nullptr && behaviour == wanted;
}

struct State {
  bool logged_in = false, context_login = false, locked = false;
  std::vector<CK_OBJECT_HANDLE> found;
} state;

std::string bytes(std::string_view hex) {
  std::string text;
  for (std::size_t i = 0; i < hex.size(); i += 2)
    text += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  return text;
}

template <std::size_t N>
void pad(unsigned char (&field)[N], std::string_view text) {
  std::memset(field, ' ', N);
  std::memcpy(field, text.data(), std::min(N, text.size()));
}

void hang() {
  while (true) pause();
}

CK_RV initialize(void*) {
  if (plays("hangs at once")) hang();
  if (plays("exits")) _exit(3);
  if (plays("prints")) {
    for (int i = 0; i < 1000; ++i) std::puts("{\"publicKey\":{}}");
    std::fflush(stdout);
  }
  rlimit core = {};
  if (plays("wants a core") && (getrlimit(RLIMIT_CORE, &core) != 0 || core.rlim_max == 0))
    return CKR_HOST_MEMORY;
  if (const char* file = plays("hangs alone") ? std::getenv("HOSTILE_PKCS11_PID") : nullptr) {
    std::FILE* written = std::fopen(file, "w");
    std::fprintf(written, "%d", static_cast<int>(getpid()));
    std::fclose(written);
    hang();
  }
  return plays("does not start") ? CKR_GENERAL_ERROR : CKR_OK;
}

CK_RV finalize(void*) {
  if (plays("hangs at the end")) hang();
  return CKR_OK;
}

CK_RV get_slot_list(unsigned char, CK_SLOT_ID* list, unsigned long* count) {
  if (plays("endless slots")) {
    *count = 1UL << 40U;
    return CKR_OK;
  }
  if (list != nullptr) *list = slot;
  *count = plays("more slots than it said") && list != nullptr ? 900 : 1;
  return CKR_OK;
}

CK_FLAGS flags() {
  CK_FLAGS all = CKF_TOKEN_INITIALIZED | CKF_USER_PIN_INITIALIZED | CKF_LOGIN_REQUIRED;
  if (plays("no login")) all &= ~CKF_LOGIN_REQUIRED;
  if (plays("locked")) all |= CKF_USER_PIN_LOCKED;
  if (plays("last try") && state.locked) all |= CKF_USER_PIN_FINAL_TRY;
  if (plays("keypad")) all |= CKF_PROTECTED_AUTHENTICATION_PATH;
  return all;
}

CK_RV get_token_info(CK_SLOT_ID wanted, CK_TOKEN_INFO* info) {
  if (wanted != slot) return CKR_SLOT_ID_INVALID;
  if (plays("absent")) return CKR_TOKEN_NOT_PRESENT;
  *info = {};
  pad(info->label, plays("escapes") ? "\x1b[2Jhostile" : "hostile");
  pad(info->manufacturerID, "tests");
  pad(info->model, "none");
  pad(info->serialNumber, "1");
  info->flags = flags();
  return CKR_OK;
}

CK_RV open_session(CK_SLOT_ID, CK_FLAGS, void*, CK_NOTIFY, CK_SESSION_HANDLE* session) {
  *session = 1;
  return plays("no sessions") ? CKR_SESSION_COUNT : CKR_OK;
}

CK_RV close_session(CK_SESSION_HANDLE) {
  return CKR_OK;
}

CK_RV login(CK_SESSION_HANDLE, CK_USER_TYPE user, unsigned char* text, unsigned long size) {
  if (plays("hangs")) hang();
  if (plays("locked") || plays("locked now")) return CKR_PIN_LOCKED;
  if (plays("declined")) return CKR_FUNCTION_CANCELED;
  if (plays("no PIN yet")) return CKR_USER_PIN_NOT_INITIALIZED;
  const bool typed_there = plays("keypad") && text == nullptr;
  if (!typed_there && std::string_view(reinterpret_cast<char*>(text), size) != pin) {
    state.locked = true;
    return CKR_PIN_INCORRECT;
  }
  (user == CKU_CONTEXT_SPECIFIC ? state.context_login : state.logged_in) = true;
  return CKR_OK;
}

const CK_ATTRIBUTE* attribute(const CK_ATTRIBUTE* all, unsigned long count, CK_ATTRIBUTE_TYPE type) {
  const auto* found =
      std::find_if(all, all + count, [&](const CK_ATTRIBUTE& one) { return one.type == type; });
  return found == all + count ? nullptr : found;
}

CK_RV find_init(CK_SESSION_HANDLE, CK_ATTRIBUTE* all, unsigned long count) {
  state.found.clear();
  const auto* kind = attribute(all, count, CKA_CLASS);
  CK_OBJECT_CLASS wanted = 0;
  if (kind != nullptr) std::memcpy(&wanted, kind->pValue, sizeof wanted);
  const bool visible = state.logged_in || plays("no login");
  if (wanted == CKO_PRIVATE_KEY && visible) state.found = {private_key};
  if (wanted == CKO_PUBLIC_KEY && (visible || !plays("hidden"))) state.found = {public_key};
  if (wanted == CKO_PRIVATE_KEY && plays("two keys")) state.found.push_back(private_key);
  return CKR_OK;
}

CK_RV find(CK_SESSION_HANDLE, CK_OBJECT_HANDLE* objects, unsigned long most, unsigned long* count) {
  if (plays("endless objects")) {
    std::fill_n(objects, most, private_key);
    *count = most;
    return CKR_OK;
  }
  *count =
      plays("more objects than asked for") ? most + 1 : std::min<unsigned long>(most, state.found.size());
  std::copy_n(state.found.begin(), std::min<unsigned long>(*count, state.found.size()), objects);
  state.found.clear();
  return CKR_OK;
}

CK_RV find_final(CK_SESSION_HANDLE) {
  return CKR_OK;
}

std::string value_of(CK_ATTRIBUTE_TYPE type) {
  const auto number = [](CK_ULONG value) {
    return std::string(reinterpret_cast<char*>(&value), sizeof value);
  };
  switch (type) {
    case CKA_KEY_TYPE:
      return number(plays("GOST key") ? CKK_GOSTR3410 : CKK_EC);
    case CKA_ID:
      return "\x01";
    case CKA_LABEL:
      return "key";
    case CKA_ALWAYS_AUTHENTICATE:
      return {plays("always asks") ? '\x01' : '\x00'};
    case CKA_EC_PARAMS:
      return bytes(plays("unknown curve") ? "06052b8104000a" : "06082a8648ce3d030107");
    case CKA_EC_POINT:
      if (plays("point off the curve")) return "\x04\x41\x04" + std::string(64, '\x07');
      return plays("bare point") ? bytes(point) : "\x04\x41" + bytes(point);
    default:
      return "";
  }
}

CK_RV get_attribute(CK_SESSION_HANDLE, CK_OBJECT_HANDLE object, CK_ATTRIBUTE* all, unsigned long count) {
  for (CK_ATTRIBUTE* one = all; one != all + count; ++one) {
    const bool secret = object == private_key && (one->type == CKA_EC_POINT || one->type == CKA_EC_PARAMS);
    const std::string value = value_of(one->type);
    if (value.empty() || secret) {
      one->ulValueLen = CK_UNAVAILABLE_INFORMATION;
      return CKR_ATTRIBUTE_TYPE_INVALID;
    }
    if (one->pValue != nullptr)
      std::memcpy(one->pValue, value.data(), std::min<std::size_t>(value.size(), one->ulValueLen));
    one->ulValueLen = value.size();
    if (plays("huge attribute")) std::memcpy(&one->ulValueLen, huge.data(), huge.size());
    if (plays("attribute that grows") && one->pValue != nullptr) one->ulValueLen += 100;
  }
  return CKR_OK;
}

CK_RV sign_init(CK_SESSION_HANDLE, CK_MECHANISM*, CK_OBJECT_HANDLE) {
  state.context_login = false;
  if (plays("not for signing")) return CKR_KEY_FUNCTION_NOT_PERMITTED;
  return plays("no mechanism") ? CKR_MECHANISM_INVALID : CKR_OK;
}

CK_RV sign(CK_SESSION_HANDLE, unsigned char*, unsigned long, unsigned char* signature, unsigned long* size) {
  if (plays("crashes")) std::abort();
  if (plays("hangs while it signs")) hang();
  if (plays("goes away")) return CKR_DEVICE_REMOVED;
  if (plays("always asks") && !state.context_login) return CKR_USER_NOT_LOGGED_IN;
  if (plays("huge signature")) {
    *size = 1UL << 40U;
    return CKR_OK;
  }
  *size = plays("short signature") ? 10 : 64;
  std::memset(signature, 0x11, *size);
  return CKR_OK;
}

CK_RV generate(CK_SESSION_HANDLE, CK_MECHANISM*, CK_ATTRIBUTE*, unsigned long, CK_ATTRIBUTE*, unsigned long,
               CK_OBJECT_HANDLE*, CK_OBJECT_HANDLE*) {
  return CKR_TOKEN_WRITE_PROTECTED;
}

CK_FUNCTION_LIST functions() {
  CK_FUNCTION_LIST list{};
  list.version = {2, 40};
  list.C_Initialize = initialize;
  list.C_Finalize = finalize;
  list.C_GetSlotList = get_slot_list;
  list.C_GetTokenInfo = get_token_info;
  list.C_OpenSession = open_session;
  list.C_CloseSession = close_session;
  list.C_Login = login;
  list.C_FindObjectsInit = find_init;
  list.C_FindObjects = find;
  list.C_FindObjectsFinal = find_final;
  list.C_GetAttributeValue = get_attribute;
  list.C_SignInit = sign_init;
  list.C_Sign = plays("half a list") ? nullptr : sign;
  list.C_GenerateKeyPair = generate;
  return list;
}

}  // namespace

extern "C" CK_RV C_GetFunctionList(CK_FUNCTION_LIST** list) {
  static CK_FUNCTION_LIST all = functions();
  *list = plays("no list") ? nullptr : &all;
  return CKR_OK;
}
