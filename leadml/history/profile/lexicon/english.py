"""English, and what all languages have taken from it."""

from __future__ import annotations

SENIORITY = {
    "C-level": """
        ceo, cfo, coo, cto, cio, cmo, cso, cpo, cco, cro, cdo, chro, ciso, clo, cao, cbo, cgo, cxo, cbdo, ctio,
        md, chief ... officer, chief executive, chief exec, c level, c suite, managing director, managing dir,
        executive director, exec director, non executive director, owner, co owner, business owner, owner
        operator, sole proprietor, proprietor, proprietress, founder, co founder, cofounder, founding partner,
        managing partner, senior partner, equity partner, general partner, managing member, entrepreneur,
        president, chairman, chairwoman, chairperson, chair of the board, board member, board director, company
        secretary, secretary general, general secretary, member of the board, member of the executive board,
        member of board, board of directors, executive board, shareholder, group ceo, principal owner, vice
        chairman""",
    "Director": """
        vp, svp, evp, rvp, gvp, vice president, vice pres, senior vice president, executive vice president,
        vicepresident, director, dir, directors, *director, head, head of, department head, division head, chief
        of staff, chief, general manager, gm, country manager, managing editor, group manager, controller in
        chief, dean, principal of, group head, global head, regional head, editor in chief, general counsel,
        rector, headmaster, headmistress""",
    "Manager": """
        manager, mgr, manageress, mngr, managers, *manager, *mgr, team lead, team leader, teamlead, teamleader,
        lead, supervisor, superintendent, foreman, forewoman, team manager, key account manager, key account
        mgr, kam, chef, project manager, pm, product manager, *supervisor, line manager, store manager, branch
        manager, area manager, site manager, section head, head nurse, head chef, head teacher, shift leader,
        group leader, chief accountant, chief engineer, chief architect, chief buyer, assistant ... manager,
        assistant ... director, assistant vice president, asst ... manager, asst ... director, avp, assistant
        vp, assistant head, associate director, vice principal, school principal, comptroller""",
    "Specialist": """
        account manager, acct manager, account mgr, accountmanager, *accountmanager, account executive, office
        manager, community manager, social media manager, content manager, case manager, customer success
        manager, relationship manager, client manager, specialist, *specialist, analyst, *analyst, coordinator,
        co ordinator, coord, *coordinator, consultant, *consultant, advisor, adviser, officer, executive, exec,
        representative, rep, agent, associate, administrator, *administrator, expert, professional, planner,
        engineer, *engineer, developer, *developer, programmer, architect, designer, *designer, scientist,
        researcher, technician, technologist, operator, accountant, bookkeeper, auditor, buyer, purchaser,
        procurer, recruiter, sourcer, headhunter, controller, lawyer, attorney, solicitor, paralegal, counsel,
        counselor, counsellor, clerk, salesman, saleswoman, salesperson, sales rep, seller, marketer,
        copywriter, editor, journalist, writer, strategist, trader, broker, banker, underwriter, actuary,
        economist, statistician, teacher, lecturer, professor, prof, tutor, trainer, coach, instructor, nurse,
        doctor, physician, surgeon, dentist, pharmacist, therapist, driver, mechanic, electrician, welder,
        machinist, carpenter, plumber, freelancer, freelance, freelancing, self employed, contractor,
        generalist, *generalist, business partner, product owner, process owner, scrum master, agile coach,
        webmaster, sysadmin, system admin, devops, tester, admin, it admin, staff, employee, worker, member of
        staff, sr, senior, snr, librarian, dispatcher, merchandiser, photographer, translator, investigator,
        inspector, estimator, scheduler, surveyor, chemist, biologist, physicist, sdr, bdr, principal engineer,
        principal consultant, evangelist, principal developer, lead developer, lead engineer, head hunter,
        fundraiser, art director, media buyer, civil servant, police officer, veterinarian, chef de partie,
        cook, waiter, waitress, influencer, blogger""",
    "Junior": """
        junior, jr, jnr, intern, interns, internship, trainee, *trainee, apprentice, apprenticeship, student,
        students, *student, undergraduate, graduate trainee, graduate student, phd student, phd candidate,
        doctoral candidate, working student, volunteer, pupil, school student, placement student, management
        trainee""",
    "support": """
        assistant, assistants, asst, *assistant, executive assistant, personal assistant, management assistant,
        pa, ea, secretary, *secretary, administrative assistant, admin assistant, receptionist, office
        assistant, helper, sales assistant, shop assistant, virtual assistant, office of the""",
    "alone": "partner, boss, chair, principal",
    "silent": """
        student affairs, student services, student success, student life, student housing, student recruitment,
        lead generation, lead gen, lead management, lead scoring, lead qualification, intern program*, trainee
        program*, assistant professor, executive search, executive education, executive programs, customer
        owner, home owner, c level sales, ceo office, leads, owner relations, head office, head quarters, junior
        college""",
    "gone": """
        retired, former, ex ceo, ex, unemployed, jobless, not working, between jobs, housewife, househusband,
        stay at home, pensioner, jobseeker, job seeker, looking for a job, seeking opportunities, currently
        unemployed, emeritus""",
}

FUNCTION = {
    "Management": "general manager, country manager, chief of staff, board member, business administration",
    "Sales": """
        sales, *sales, presales, pre sales, selling, seller, salesman, saleswoman, salesperson, account manager,
        accountmanager, account management, account executive, account director, key account*, kam, business
        development, biz dev, bizdev, bdm, bdr, sdr, bd manager, commercial, cso, cco, cro, cbdo, cbo, chief
        revenue, revenue, sales engineer, sales support, sales operations, sales administration, territory
        manager, area sales, store manager, partner manager, channel, channel partner, partnerships, alliances,
        store, shop, retail, relationship manager, client manager, client partner, shop assistant, chief
        commercial, customer acquisition, franchise, real estate agent, realtor, branch manager, wholesale,
        merchandis*""",
    "Marketing": """
        marketing, *marketing, cmo, brand, branding, communications, communication, comms, advertising, public
        relations, pr, media, social media, content, community manager, seo, sem, ppc, growth, cgo, demand
        generation, demand gen, lead generation, lead gen, campaign, campaigns, copywriter, copywriting, digital
        marketing, product marketing, events manager, event, events, e commerce, ecommerce, crm, creative, art
        director, market research, public affairs, corporate communications, media buyer, email marketing,
        influencer, blogger, press""",
    "Purchasing": """
        purchasing, purchase, purchaser, procurement, procurer, buyer, buying, sourcing, strategic sourcing,
        category manager, category management, vendor management, supplier management, supplier, contract
        procurement, chief procurement, commodity manager, supplier quality*, acquisition""",
    "Finance": """
        finance, financial, finances, cfo, accounting, accountant, accounts, accounts payable, accounts
        receivable, controlling, controller, *controller, comptroller, treasury, treasurer, bookkeeper,
        bookkeeping, payroll, tax, audit, auditor, auditing, investment, investments, investor relations,
        credit, billing, fp a, fpa, banking, banker, underwriter, actuary, actuarial, insurance, risk, m a,
        mergers and acquisitions, equity, economist, trader, debt collection""",
    "HR": """
        hr, *hr, human resources, human resource, human capital, people operations, people culture, people and
        culture, people & culture, people, chro, hrbp, talent, talent acquisition, recruiting, recruiter,
        recruitment, sourcer, staffing, learning and development, learning & development, l d, training and
        development, employee relations, personnel, compensation and benefits, compensation, workforce, head
        hunter, headhunter, hr business partner, executive search, organizational development, employer
        branding, chief people, diversity""",
    "IT": """
        it, ict, information technology, information systems, information system, information security, cio,
        cto, ciso, cdo, systems, system, systems administrator, system administrator, sysadmin, system admin, it
        support, it admin, software engineer, network engineer, system engineer, systems engineer, software,
        *software, developer, programmer, programming, web developer, webmaster, web, devops, data, data
        science, data scientist, data engineer, database, dba, cloud, network, cyber*, security engineer,
        infrastructure, digital, digital transformation, digitalization, application*, erp, sap, full stack,
        fullstack, frontend, front end, backend, back end, scrum master, tech lead, solution architect,
        solutions architect, enterprise architect, business intelligence, artificial intelligence, ai, machine
        learning, ml, chief information, chief technology, chief digital, computer, technology, java, python,
        php, *linux*, android, ios, ux, ui, telecom*, sre""",
    "Operations": """
        operations, operation, operational, ops, coo, logistics, logistic, supply chain, production,
        manufacturing, plant, factory, warehouse, warehousing, fulfillment, distribution, transport,
        transportation, shipping, fleet, quality, quality assurance, qa, qc, quality management, quality
        control, maintenance, facility, facilities, assembly, lean, continuous improvement, operational
        excellence, process, planner, production planning, inventory, dispatcher, business operations, site
        manager, shift leader, foreman, machinist, import export, import, export, materials, ehs, hse, health
        and safety, safety, environment*, driver, welder, mechanic, electrician, machine operator""",
    "Engineering": """
        engineering, engineer, *engineer, rd, rnd, research and development, research & development, research,
        development engineer, mechanical engineer, electrical engineer, civil engineer, process engineer, design
        engineer, construction, technical, technician, product development, innovation, laboratory, lab,
        scientist, hardware, automation, architect, chief engineer, head of development, development manager,
        development director""",
    "Product": """
        product, products, product manager, product owner, product management, product director, product
        designer, chief product, product portfolio""",
    "Customer service": """
        customer service, customer care, customer support, customer success, customer experience, client
        services, client service, client success, call center, call centre, contact center, contact centre,
        service desk, helpdesk, help desk, support, technical support, after sales, aftersales, service manager,
        service technician, customer relations, customer operations, field service, service, customer""",
    "Legal": """
        legal, lawyer, attorney, solicitor, counsel, general counsel, paralegal, compliance, contract manager,
        contracts, data protection, data protection officer, dpo, clo, law, regulatory affairs, regulatory,
        patent, intellectual property, privacy""",
    "Administration": """
        administration, administrative, office manager, office management, back office, backoffice, executive
        assistant, personal assistant, pa, ea, management assistant, office assistant, administrative assistant,
        admin assistant, office administrator, admin, receptionist, secretary, *secretary, clerk, office,
        virtual assistant""",
    "silent": """
        assistant to, personal trainer, personal coach, personal, student affairs, student services, student
        recruitment, head office, executive education, it s""",
}
