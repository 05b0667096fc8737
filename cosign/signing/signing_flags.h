// What is signed with, and which services hear of it: the flags that every command which signs has. Lines of
// cosign 1, 2 and 3 are decided on here, once.
#pragma once

#include <string>

#include "cosign/keysets/key_set_flags.h"
#include "cosign/options/later.h"
#include "sigstore/base/env.h"

namespace cosign {

struct SigningFlags {
  std::string key;
  bool yes = false;
  bool tlog_upload = true;
  bool no_tlog_upload = false;
  bool use_signing_config = true;
  std::string signing_config;
  SigningSetFlags key_set;
  LaterFlags later;

  // declare() is what people need, declare_rest() what they never should have to know.
  void declare(FlagSet& flags);
  void declare_rest(FlagSet& flags);

  // Whether the signature goes into no log: --tlog-upload=false in any company, --no-tlog-upload, or a
  // --signing-config that names no log. A signing config that asks for services which this version cannot use
  // is Code::unsupported.
  [[nodiscard]] sigstore::Result<bool> without_log(sigstore::Files& files) const;
  // Code::unsupported for all that needs more than a key and no log; `command` and `arguments` make the line
  // that works: "cosign COMMAND --key cosign.key --tlog-upload=false ARGUMENTS".
  [[nodiscard]] sigstore::Result<void> check(sigstore::Files& files, const std::string& command,
                                             const std::string& arguments) const;
};

}  // namespace cosign
