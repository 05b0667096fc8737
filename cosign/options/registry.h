// The registry flags that every command which talks to a registry shares.
#pragma once

#include <string>

#include "cosign/args/flag_set.h"

namespace cosign {

struct RegistryFlags {
  bool allow_insecure = false;
  bool allow_http = false;
  bool k8s_keychain = false;
  std::string username, password, token;
  std::string cacert, client_cert, client_key, server_name;
  std::string attachment_tag_prefix;
  std::string given_by = "the command line";  // who named username and password, for messages
  bool own_tags = false;                      // a flag of the commands that write signatures
  bool record_creation = false;               // another

  void declare(FlagSet& flags);
};

}  // namespace cosign
