#include "cosign/commands/registry-serve/page.h"

#include "sigstore/keys/provider.h"
#include "sigstore/keys/shown.h"

namespace cosign::serve {

using server::registry::page::Pages;
using sigstore::Code;
using sigstore::fail;
using sigstore::Result;

namespace {

// A key is shown by the name of its file: where that lies is nobody else's business.
std::string shown_name(const std::string& reference) {
  return reference.substr(reference.rfind('/') + 1);
}

}  // namespace

void PageFlags::declare(FlagSet& flags) {
  flags.boolean("page", &page, "show a page to browsers; `=false` shows none");
  flags.list("page-key", &keys, "KEY", "a public key that the page verifies signatures with; repeatable")
      .takes = Takes::public_key;
}

Result<std::unique_ptr<Pages>> PageFlags::open(const sigstore::keys::Context& context,
                                               const server::registry::page::Shelves& shelves,
                                               const std::string& external_url) const {
  if (!page && !keys.empty())
    return fail(Code::invalid_argument, "--page-key means nothing with --page=false");
  if (!page) return nullptr;
  server::registry::page::PageOptions options;
  for (const std::string& key : keys) {
    TRY(auto opened, sigstore::keys::open_public(context, key));
    options.keys.keys.push_back({std::move(opened), shown_name(sigstore::keys::shown(key))});
  }
  if (!external_url.empty()) {
    TRY(options.external_url, sigstore::net::Url::parse(external_url));
  }
  return std::make_unique<Pages>(shelves, context.env, std::move(options));
}

}  // namespace cosign::serve
