// Every bound in one place. Whatever comes from a registry, a log, a file or a key is hostile until it is
// verified; each reader names the bound here that it keeps. Sizes are bytes unless the name says otherwise.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace sigstore::limits {

using namespace std::chrono_literals;

inline constexpr std::size_t kib = 1024;
inline constexpr std::size_t mib = 1024 * kib;

// --- text formats
inline constexpr std::size_t json_depth = 64;            // nested arrays and objects
inline constexpr std::size_t json_bytes = 32 * mib;      // one document
inline constexpr std::size_t json_values = 4 * mib;      // values in one document (each takes some 40 bytes)
inline constexpr std::size_t der_depth = 32;             // nested constructed values
inline constexpr std::size_t pem_bytes = 1 * mib;        // one PEM text
inline constexpr std::size_t pem_blocks = 256;           // blocks in one PEM text
inline constexpr std::size_t reference_bytes = 4 * kib;  // one image reference as typed

// --- files of the user
inline constexpr std::size_t key_file_bytes = 1 * mib;
inline constexpr std::size_t docker_config_bytes = 8 * mib;
inline constexpr std::size_t ca_bundle_bytes = 16 * mib;
inline constexpr std::size_t password_bytes = 64 * kib;

// --- registry
inline constexpr std::size_t manifest_bytes = 4 * mib;  // distribution-spec: registries take at least 4 MiB
inline constexpr std::size_t error_body_bytes = 64 * kib;   // the body of a failed request
inline constexpr std::size_t token_body_bytes = 1 * mib;    // a token endpoint's answer
inline constexpr std::size_t header_bytes = 64 * kib;       // all headers of one response
inline constexpr std::size_t header_count = 1000;           // lines of them
inline constexpr std::size_t url_bytes = 16 * kib;          // signed storage URLs are long
inline constexpr std::size_t manifest_values = 512 * kib;   // JSON values in one manifest
inline constexpr std::size_t attachment_bytes = 128 * mib;  // one payload, as COSIGN_MAX_ATTACHMENT_SIZE
inline constexpr std::size_t layers_per_manifest = 1000;    // signatures on one .sig tag that are looked at
inline constexpr std::size_t referrers = 1000;              // referrers of one image that are looked at
inline constexpr std::size_t referrer_pages = 100;          // Link pages that are followed
inline constexpr std::size_t index_children = 4096;         // manifests in one index
inline constexpr std::size_t tags = 100000;                 // tags that are listed
inline constexpr int redirects = 5;
inline constexpr int auth_rounds = 3;  // challenges answered for one request

// --- content kept by us: layouts and our own registry
inline constexpr std::size_t copy_bytes = 256 * kib;             // read at a time while copying
inline constexpr std::size_t layout_version_bytes = 4 * kib;     // the file oci-layout
inline constexpr std::size_t layout_blobs = 100000;              // blobs of a layout that are looked through
inline constexpr std::uint64_t memory_store_bytes = 2048 * mib;  // all content of a registry in memory
inline constexpr std::size_t repository_bytes = 255;             // the name of a repository
inline constexpr std::size_t tag_bytes = 128;                    // distribution-spec: [a-zA-Z0-9_][…]{0,127}
inline constexpr std::size_t tags_per_push = 100;                // "tag" parameters of one manifest
inline constexpr std::size_t uploads = 512;                      // uploads that are open at once, each a file
inline constexpr auto upload_idle = 3600s;                       // an open upload nobody writes to
inline constexpr auto upload_wait = 5s;                          // for another request that writes to it
inline constexpr std::size_t repositories_page = 1000;           // names in one answer of _catalog
inline constexpr std::size_t tags_page = 10000;                  // tags in one answer
inline constexpr std::size_t referrers_page = 1000;              // descriptors in one answer
inline constexpr std::size_t referrers_page_bytes = 4 * mib;     // of one answer, or one descriptor alone
inline constexpr std::size_t logged_text = 1024;                 // of one value in a line of the access log
inline constexpr std::size_t passed_sockets = 16;                // that a service manager hands over
inline constexpr std::size_t htpasswd_bytes = 8 * mib;           // users and their hashes
inline constexpr std::size_t remembered_logins = 1024;           // checked passwords: no second bcrypt

// --- who may come in to our own registry
inline constexpr std::size_t authorization_bytes = 48 * kib;  // the value of a request's Authorization header
inline constexpr std::size_t token_bytes = 48 * kib;          // a token of ours
inline constexpr std::size_t token_request_bytes = 64 * kib;  // a form that asks for one
inline constexpr std::size_t form_fields = 64;                // of a query or form
inline constexpr std::size_t scopes = 64;                     // that one token is asked for
inline constexpr std::size_t scope_bytes = 512;               // repository:NAME:ACTIONS
inline constexpr std::size_t rate_buckets = 16384;            // clients whose rate is watched, each
inline constexpr auto login_patience = 10s;                   // a login that waits for others' bcrypt

// --- the page of our own registry
inline constexpr std::size_t page_text_bytes = 4 * kib;         // one text from outside
inline constexpr std::size_t page_lines = 50;                   // repositories or tags on one page
inline constexpr std::size_t page_artifacts = 100;              // artifacts that are shown of one image
inline constexpr std::size_t page_scanned = 100000;             // names that one search looks through
inline constexpr std::size_t page_read_bytes = 64 * mib;        // content that one view may read
inline constexpr std::size_t page_attachment_bytes = 8 * mib;   // signatures of one image that are checked
inline constexpr auto page_time = 2s;                           // that one view may take
inline constexpr std::size_t page_remembered_bytes = 32 * mib;  // trees that are kept, about
inline constexpr std::size_t page_config_bytes = 1 * mib;       // an image's configuration, for its platform

// --- bundles (sigstore-go keeps the same)
inline constexpr std::size_t bundle_bytes = 128 * mib;
inline constexpr std::size_t tlog_entries = 32;
inline constexpr std::size_t timestamps = 32;
inline constexpr std::size_t certificates = 32;
inline constexpr std::size_t statement_subjects = 1024;
inline constexpr std::size_t digests_per_subject = 32;
inline constexpr std::size_t envelope_signatures = 32;
inline constexpr std::size_t annotations = 1024;

// --- evidence and trust
inline constexpr std::size_t certificate_bytes = 64 * kib;  // one certificate, DER
inline constexpr std::size_t certificate_extensions = 128;  // of one
inline constexpr std::size_t certificate_names = 256;       // subject alternative names of one
inline constexpr std::size_t scts = 32;                     // of one certificate
inline constexpr std::size_t note_bytes = 64 * kib;         // a signed note
inline constexpr std::size_t note_signatures = 64;          // of one note, witnesses included
inline constexpr std::size_t proof_hashes = 64;             // of one inclusion or consistency proof
inline constexpr std::size_t entry_bytes =
    16 * mib;  // the body of one log entry: intoto 0.0.2 has an envelope
inline constexpr std::size_t entry_signatures = 32;         // that one log entry is about
inline constexpr std::size_t timestamp_bytes = 64 * kib;    // one timestamp token
inline constexpr std::size_t trusted_root_bytes = 4 * mib;  // trusted_root.json, signing_config.json
inline constexpr std::size_t trusted_parties = 1024;        // logs, or authorities, of one kind
inline constexpr std::size_t regex_bytes = 4 * kib;         // one regular expression
inline constexpr std::size_t regex_memory_bytes = 8 * mib;  // of one that is compiled
inline constexpr std::size_t identities = 64;               // rules of one command line

// --- TUF repositories (python-tuf keeps the same)
inline constexpr std::size_t tuf_root_bytes = 512 * kib;      // one root.json
inline constexpr std::size_t tuf_timestamp_bytes = 16 * kib;  // timestamp.json
inline constexpr std::size_t tuf_snapshot_bytes = 2 * mib;    // snapshot.json, where nobody says its length
inline constexpr std::size_t tuf_targets_bytes = 5 * mib;     // targets.json, and those of delegated roles
inline constexpr std::size_t tuf_target_bytes = 64 * mib;     // one target that is kept in memory
inline constexpr std::size_t tuf_rotations = 256;             // roots of one refresh
inline constexpr std::size_t tuf_delegations = 32;            // roles that are visited for one target
inline constexpr std::size_t tuf_keys = 1024;                 // keys, or signatures, of one document
inline constexpr std::size_t tuf_files = 16384;               // files that one document names
inline constexpr std::size_t tuf_mirror_bytes = 256 * mib;    // a whole mirror in one file
inline constexpr auto tuf_lock_patience = 120s;               // another process refreshes the same cache

// --- blobs
inline constexpr std::size_t blobs = 4096;                   // files of one command line
inline constexpr std::size_t kept_message_bytes = 64 * mib;  // of stdin, where the scheme has to read twice

// --- attestations and their policies
inline constexpr std::size_t predicate_bytes = attachment_bytes;  // one predicate or statement
inline constexpr std::size_t policy_bytes = 4 * mib;              // one policy file
inline constexpr std::size_t policy_files = 64;
inline constexpr auto policy_time = 10s;                        // one evaluation
inline constexpr std::size_t policy_memory_bytes = 1024 * mib;  // of one evaluation
inline constexpr std::size_t policy_messages = 100;             // of one evaluation that are shown

// --- images that are carried from place to place
inline constexpr std::size_t archive_entries = 100000;       // files in one archive
inline constexpr std::size_t archive_path_bytes = 256;       // the name of one
inline constexpr std::size_t archive_list_bytes = 32 * mib;  // its list of what must be in it
inline constexpr std::size_t referrer_depth = 16;            // referrers of referrers of …
inline constexpr std::size_t carried_manifests = 100000;     // below one image, with all that hangs on it
inline constexpr int blobs_at_once = 4;                      // that are copied at the same time
inline constexpr std::size_t sbom_bytes = attachment_bytes;  // attached as it is

// --- YAML and Dockerfiles
inline constexpr std::size_t yaml_bytes = 4 * mib;   // all documents of one file
inline constexpr std::size_t yaml_values = 200000;   // with aliases expanded
inline constexpr std::size_t yaml_documents = 4096;  // in one file
inline constexpr std::size_t dockerfile_bytes = 1 * mib;
inline constexpr std::size_t dockerfile_stages = 1024;
inline constexpr std::size_t dockerfile_word_bytes = 64 * kib;  // one word with its variables expanded

// --- time
inline constexpr auto connect_timeout = 30s;
inline constexpr auto idle_timeout = 60s;         // no byte for this long ends a transfer
inline constexpr std::size_t slowest_rate = 128;  // bytes per second over a transfer, after two idle_timeouts
inline constexpr auto command_timeout = 180s;     // -t, --timeout
inline constexpr auto helper_timeout = 60s;       // a credential helper
inline constexpr auto login_lock_pause = 50ms;    // while another login writes the same file
inline constexpr int login_lock_tries = 200;

// --- processes
inline constexpr std::size_t helper_output_bytes = 1 * mib;

// --- keys that are kept elsewhere
inline constexpr auto plugin_timeout = 120s;  // one call of a key plugin; somebody may have to touch a token
inline constexpr std::size_t plugin_output_bytes = 1 * mib;  // its answer
inline constexpr std::size_t signature_bytes = 16 * kib;     // one signature; RSA of 16384 bits has 2048
inline constexpr std::size_t pin_bytes = 1 * kib;            // of a token
inline constexpr std::size_t tokens = 256;                   // slots of one PKCS#11 module
inline constexpr std::size_t token_keys = 4096;              // keys of one token
inline constexpr std::size_t key_uri_bytes = 4 * kib;        // a reference to a key
inline constexpr std::size_t service_body_bytes = 1 * mib;   // one answer of a key service
inline constexpr int service_tries = 3;                      // of one request to it
inline constexpr std::size_t kubeconfig_bytes = 4 * mib;
inline constexpr std::size_t key_set_bytes = 4 * mib;  // one key set file
inline constexpr std::size_t key_set_keys = 1024;      // keys in it
inline constexpr std::size_t key_set_roots = 64;       // who may sign it
inline constexpr std::size_t key_set_scopes = 256;     // repository globs of one key
inline constexpr std::size_t keys_given = 64;          // --key of one command line

// --- signing again
inline constexpr std::size_t resign_candidates = 100;  // newest entries looked at before signing anew

// --- tags that many write (store/shared_tag)
inline constexpr auto shared_tag_patience = 90s;         // other writers keep overwriting our entry: give up
inline constexpr std::size_t own_tags = 1000;            // tags of each signer's own that are read
inline constexpr std::size_t own_tags_bytes = 64 * mib;  // what they hold, all together

// --- work in parallel
inline constexpr int max_workers = 10;
inline constexpr int most_workers = 256;

}  // namespace sigstore::limits
