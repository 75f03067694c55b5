// The table of listers, in alphabetical order: so wildcards list them.
#include "list/lister.h"

namespace gimlet::list {
namespace {

using ast::ProviderId;

constexpr Lister kListers[] = {
    {ProviderId::Fentry, TakenBy::Wildcard, find_fentry},
    {ProviderId::Fexit, TakenBy::NameOnly, find_fexit},
    {ProviderId::Hardware, TakenBy::Wildcard,
     [](Search& s, const Pattern& p) { return find_perf_events(s, ProviderId::Hardware, p); }},
    {ProviderId::Interval, TakenBy::NameOnly,
     [](Search& s, const Pattern& p) { return find_timers(s, "interval", p); }},
    {ProviderId::Iter, TakenBy::Wildcard, find_iterators},
    {ProviderId::Kprobe, TakenBy::Wildcard, find_kprobes},
    {ProviderId::Kretprobe, TakenBy::NameOnly, find_kretprobes},
    {ProviderId::Profile, TakenBy::NameOnly,
     [](Search& s, const Pattern& p) { return find_timers(s, "profile", p); }},
    {ProviderId::RawTracepoint, TakenBy::Wildcard, find_raw_tracepoints},
    {ProviderId::Self, TakenBy::NameOnly, find_signals},
    {ProviderId::Software, TakenBy::Wildcard,
     [](Search& s, const Pattern& p) { return find_perf_events(s, ProviderId::Software, p); }},
    {ProviderId::Tracepoint, TakenBy::Wildcard, find_tracepoints},
    {ProviderId::Uprobe, TakenBy::UserFile,
     [](Search& s, const Pattern& p) { return find_user_functions(s, "uprobe", p); }},
    {ProviderId::Uretprobe, TakenBy::NameOnly,
     [](Search& s, const Pattern& p) { return find_user_functions(s, "uretprobe", p); }},
    {ProviderId::Usdt, TakenBy::UserFile, find_markers},
};

}  // namespace

std::span<const Lister> listers() { return kListers; }

}  // namespace gimlet::list
