// The table of options. getopt_long's tables, the help text, the manual page and the completions of
// the shells are made from it, so an option that is here is everywhere.
#pragma once

#include <span>
#include <string>

namespace gimlet::cli {

enum class OptionGroup { Common, Developer, Trouble };
inline constexpr OptionGroup kOptionGroups[] = {OptionGroup::Common, OptionGroup::Developer,
                                                OptionGroup::Trouble};

// Codes of options that have no short form.
enum OptionCode : int {
  kDryRun = 256,
  kUnsafe,
  kNoWarnings,
  kVerifyIr,
  kEmitLlvm,
  kEmitElf,
  kMode,
  kTest,
  kBench,
  kFmt,
  kInfo,
  kAot,
  kInclude,
  kDebugInfo,
  kTraceable,
  kNoFeature,
  kProbeFilter,
  kDwarfPid,
  kUsdtActivation,
  kExplain,
};

// What a shell offers for the argument of an option.
enum class Offer { Nothing, Words, List, Files, Folders, Processes, Commands };

struct Option {
  int code;              // the short letter, or an OptionCode
  const char* name;      // long name; null if there is none
  const char* argument;  // null: takes none
  OptionGroup group;
  const char* help;
  Offer offer = Offer::Nothing;
  const char* words = "";    // of Offer::Words, and of Offer::List, which takes several
  bool accumulates = false;  // may be given more than once to good purpose

  bool has_letter() const { return code < 256; }
};

std::span<const Option> option_table();
const Option* find_option(int code);

const char* group_title(OptionGroup group);    // "OPTIONS"
std::string shown_name(const Option& option);  // "-p, --pid PID"

}  // namespace gimlet::cli
