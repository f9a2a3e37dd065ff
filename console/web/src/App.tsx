import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useCallback, useMemo, useState } from "react";
import { Route, Routes } from "react-router";
import { remember, remembered, type Session, SessionContext, type SessionControl } from "./session/session.ts";
import { SignIn } from "./session/SignIn.tsx";
import { Loading } from "./shell/Loading.tsx";
import { NotFound } from "./shell/NotFound.tsx";
import { Shell } from "./shell/Shell.tsx";

// Each service is a chunk of its own.
const Home = lazy(() => import("./home/Home.tsx"));
const ModelCatalog = lazy(() => import("./bedrock/ModelCatalog.tsx"));
const ChatPlayground = lazy(() => import("./bedrock/ChatPlayground.tsx"));
const Guardrails = lazy(() => import("./bedrock/guardrails/Guardrails.tsx"));
const GuardrailEditor = lazy(() => import("./bedrock/guardrails/GuardrailEditor.tsx"));
const GuardrailPage = lazy(() => import("./bedrock/guardrails/GuardrailPage.tsx"));
const KnowledgeBases = lazy(() => import("./bedrock/knowledge/KnowledgeBases.tsx"));
const KnowledgeWizard = lazy(() => import("./bedrock/knowledge/KnowledgeWizard.tsx"));
const KnowledgePage = lazy(() => import("./bedrock/knowledge/KnowledgePage.tsx"));
const TextPlayground = lazy(() => import("./bedrock/TextPlayground.tsx"));
const Prompts = lazy(() => import("./bedrock/prompts/Prompts.tsx"));
const PromptEditor = lazy(() => import("./bedrock/prompts/PromptEditor.tsx"));
const BatchJobs = lazy(() => import("./bedrock/batch/BatchJobs.tsx"));
const BatchJobForm = lazy(() => import("./bedrock/batch/BatchJobForm.tsx"));
const InvocationLogs = lazy(() => import("./bedrock/logs/InvocationLogs.tsx"));
const RealTime = lazy(() => import("./comprehend/RealTime.tsx"));
const AnalyzePage = lazy(() => import("./textract/AnalyzePage.tsx"));
const TextToSpeech = lazy(() => import("./polly/TextToSpeech.tsx"));
const Recording = lazy(() => import("./transcribe/Recording.tsx"));
const Buckets = lazy(() => import("./s3/Buckets.tsx"));
const Objects = lazy(() => import("./s3/Objects.tsx"));
const EventHistory = lazy(() => import("./cloudtrail/EventHistory.tsx"));
const Cost = lazy(() => import("./cost/Cost.tsx"));
const Metrics = lazy(() => import("./cloudwatch/Metrics.tsx"));
const Alarms = lazy(() => import("./cloudwatch/Alarms.tsx"));
const AlarmPage = lazy(() => import("./cloudwatch/AlarmPage.tsx"));
const Dashboards = lazy(() => import("./cloudwatch/Dashboards.tsx"));
const DashboardPage = lazy(() => import("./cloudwatch/DashboardPage.tsx"));
const LogGroups = lazy(() => import("./logs/LogGroups.tsx"));
const LogEvents = lazy(() => import("./logs/LogEvents.tsx"));
const LiveTail = lazy(() => import("./logs/LiveTail.tsx"));
const Insights = lazy(() => import("./logs/Insights.tsx"));
const Entities = lazy(() => import("./iam/Entities.tsx"));
const EntityPage = lazy(() => import("./iam/EntityPage.tsx"));
const Policies = lazy(() => import("./iam/Policies.tsx"));
const PolicyPage = lazy(() => import("./iam/PolicyPage.tsx"));
const CreatePolicy = lazy(() => import("./iam/CreatePolicy.tsx"));
const Simulator = lazy(() => import("./iam/Simulator.tsx"));
const Keys = lazy(() => import("./kms/Keys.tsx"));
const KeyPage = lazy(() => import("./kms/KeyPage.tsx"));
const SecretList = lazy(() => import("./secrets/SecretList.tsx"));
const SecretPage = lazy(() => import("./secrets/SecretPage.tsx"));

/** The console: signing in first, then the shell around the page that the address names. */
export function App() {
  const queries = useQueryClient();
  const [sessions, setSessions] = useState(remembered);
  const [adding, setAdding] = useState(false);
  const keep = useCallback(
    (next: Session[]) => {
      remember(next);
      // What one has seen is not shown to another.
      queries.clear();
      setSessions(next);
    },
    [queries],
  );
  const control = useMemo((): SessionControl | undefined => {
    const [session, ...others] = sessions;
    return (
      session && {
        session,
        others,
        replace: (next) => keep([next, ...others]),
        choose: (other) => keep([other, session, ...others.filter((one) => one !== other)]),
        add: () => setAdding(true),
        end: () => keep(others),
      }
    );
  }, [sessions, keep]);

  if (control === undefined || adding) {
    return (
      <SignIn
        onSignedIn={(next) => {
          setAdding(false);
          keep([next, ...sessions.filter(({ arn, account }) => arn !== next.arn || account !== next.account)]);
        }}
        {...(control === undefined ? {} : { onCancel: () => setAdding(false) })}
      />
    );
  }
  return (
    <SessionContext value={control}>
      <Shell>
        <Suspense fallback={<Loading />}>
          <Routes>
            <Route index element={<Home />} />
            <Route path="bedrock/models" element={<ModelCatalog />} />
            <Route path="bedrock/chat" element={<ChatPlayground key="chat" panes={1} />} />
            <Route path="bedrock/compare" element={<ChatPlayground key="compare" panes={2} />} />
            <Route path="bedrock/guardrails" element={<Guardrails />} />
            <Route path="bedrock/guardrails/create" element={<GuardrailEditor />} />
            <Route path="bedrock/guardrails/:id" element={<GuardrailPage />} />
            <Route path="bedrock/guardrails/:id/edit" element={<GuardrailEditor />} />
            <Route path="bedrock/knowledge-bases" element={<KnowledgeBases />} />
            <Route path="bedrock/knowledge-bases/create" element={<KnowledgeWizard />} />
            <Route path="bedrock/knowledge-bases/:id" element={<KnowledgePage />} />
            <Route path="bedrock/text" element={<TextPlayground />} />
            <Route path="bedrock/prompts" element={<Prompts />} />
            <Route path="bedrock/prompts/create" element={<PromptEditor />} />
            <Route path="bedrock/prompts/:id" element={<PromptEditor />} />
            <Route path="bedrock/batch" element={<BatchJobs />} />
            <Route path="bedrock/batch/create" element={<BatchJobForm />} />
            <Route path="bedrock/logs" element={<InvocationLogs />} />
            <Route path="comprehend" element={<RealTime />} />
            <Route path="textract" element={<AnalyzePage />} />
            <Route path="polly" element={<TextToSpeech />} />
            <Route path="transcribe" element={<Recording />} />
            <Route path="s3" element={<Buckets />} />
            <Route path="s3/:bucket/*" element={<Objects />} />
            <Route path="cloudtrail" element={<EventHistory />} />
            <Route path="cost" element={<Cost />} />
            <Route path="cloudwatch/metrics" element={<Metrics />} />
            <Route path="cloudwatch/alarms" element={<Alarms />} />
            <Route path="cloudwatch/alarms/:name" element={<AlarmPage />} />
            <Route path="cloudwatch/dashboards" element={<Dashboards />} />
            <Route path="cloudwatch/dashboards/:name" element={<DashboardPage />} />
            <Route path="logs" element={<LogGroups />} />
            <Route path="logs/events" element={<LogEvents />} />
            <Route path="logs/tail" element={<LiveTail />} />
            <Route path="logs/insights" element={<Insights />} />
            {(["users", "groups", "roles"] as const).map((kind) => (
              <Route key={kind} path={`iam/${kind}`}>
                <Route index element={<Entities key={kind} kind={kind} />} />
                <Route path=":name" element={<EntityPage key={kind} kind={kind} />} />
              </Route>
            ))}
            <Route path="iam/policies" element={<Policies />} />
            <Route path="iam/policies/create" element={<CreatePolicy />} />
            <Route path="iam/policies/view" element={<PolicyPage />} />
            <Route path="iam/simulator" element={<Simulator />} />
            <Route path="kms" element={<Keys />} />
            <Route path="kms/:id" element={<KeyPage />} />
            <Route path="secrets" element={<SecretList />} />
            <Route path="secrets/view" element={<SecretPage />} />
            <Route path="*" element={<NotFound />} />
          </Routes>
        </Suspense>
      </Shell>
    </SessionContext>
  );
}
